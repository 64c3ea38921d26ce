import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createRequire } from "node:module";
import grpc from "@grpc/grpc-js";
import providerGrpc from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import provider from "@pulumi/pulumi/proto/provider_pb.js";
import status from "@pulumi/pulumi/proto/status_pb.js";
import structs, { type Struct } from "google-protobuf/google/protobuf/struct_pb.js";
import { FakeEngine, type LogMessage } from "../shared/engine.ts";

type Properties = Record<string, unknown>;

/** How the engine writes, in a preview, a value that is not known yet. */
export const engineUnknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** "Created but failed to initialize": what an error may carry beside its message. */
export interface InitFailed {
  id: string;
  properties: Properties;
  reasons: string[];
}

/** A failed call, as the engine gets it. */
export class HostError extends Error {
  readonly initFailed: InitFailed | undefined;

  constructor(error: grpc.ServiceError) {
    super(error.details);
    this.initFailed = readDetails(error.metadata);
  }
}

const hostScript = createRequire(import.meta.url).resolve("@pulumi/pulumi/cmd/dynamic-provider/index.js");

/** Pulumi's real dynamic provider host in a process of its own, with the built package, spoken to as the engine does. */
export class Host implements AsyncDisposable {
  stdout = "";
  stderr = "";
  readonly #engine: FakeEngine;
  readonly #process: ChildProcess;
  #client: providerGrpc.ResourceProviderClient | undefined;

  private constructor(engine: FakeEngine, process: ChildProcess) {
    this.#engine = engine;
    this.#process = process;
  }

  /**
   * @param config of the stack, e.g. `{ "clusterops:connections": "..." }`
   * @param terminal whether somebody may be watching; stderr is then part of stdout
   * @param flags what the engine puts before its address
   * @param from where the package is found by its name; default: in this checkout
   * @param preload a module that is loaded before everything else
   */
  static async start(
    config: Record<string, string> = {},
    {
      terminal = false,
      flags = [],
      from = import.meta.dirname,
      preload,
    }: { terminal?: boolean; flags?: string[]; from?: string; preload?: string } = {},
  ): Promise<Host> {
    const engine = new FakeEngine();
    const address = await engine.start();
    const { CI: _, ...env } = process.env;
    const [command = "", ...args] = terminal
      ? ["script", "-qefc", `"${process.execPath}" "${hostScript}" ${address}`, "/dev/null"]
      : [process.execPath, ...(preload ? ["--import", preload] : []), hostScript, ...flags, address];
    const child = spawn(command, args, {
      cwd: from,
      env,
      // Without the terminal that the tests may have themselves.
      detached: true,
      stdio: ["ignore", "pipe", "pipe"],
    });
    const host = new Host(engine, child);
    child.stdout.on("data", (chunk) => (host.stdout += chunk));
    child.stderr.on("data", (chunk) => (host.stderr += chunk));
    while (!/^\d+\r?\n/.test(host.stdout)) await Promise.race([once(child.stdout, "data"), ended(child)]);
    const port = Number.parseInt(host.stdout, 10);
    host.#client = new providerGrpc.ResourceProviderClient(
      `127.0.0.1:${port}`,
      grpc.credentials.createInsecure(),
    );
    await host.configure(config);
    return host;
  }

  /** All that the engine was told. */
  get logs(): readonly LogMessage[] {
    return this.#engine.logs;
  }

  async configure(config: Record<string, string>): Promise<void> {
    const request = new provider.ConfigureRequest();
    request.setArgs(struct(config));
    await this.#call("configure", request);
  }

  async check(
    olds: Properties,
    news: Properties,
  ): Promise<{ inputs: Properties; failures: { property: string; reason: string }[] }> {
    const request = new provider.CheckRequest();
    request.setOlds(struct(olds));
    request.setNews(struct(news));
    const response = await this.#call<InstanceType<typeof provider.CheckResponse>>("check", request);
    return {
      inputs: plain(response.getInputs()),
      failures: response
        .getFailuresList()
        .map((failure) => ({ property: failure.getProperty(), reason: failure.getReason() })),
    };
  }

  async diff(
    id: string,
    olds: Properties,
    news: Properties,
  ): Promise<{ changes: boolean; replaces: string[]; deleteBeforeReplace: boolean }> {
    const request = new provider.DiffRequest();
    request.setId(id);
    request.setOlds(struct(olds));
    request.setNews(struct(news));
    const response = await this.#call<InstanceType<typeof provider.DiffResponse>>("diff", request);
    return {
      changes: response.getChanges() === provider.DiffResponse.DiffChanges.DIFF_SOME,
      replaces: response.getReplacesList(),
      deleteBeforeReplace: response.getDeletebeforereplace(),
    };
  }

  async create(properties: Properties): Promise<{ id: string; properties: Properties }> {
    const request = new provider.CreateRequest();
    request.setProperties(struct(properties));
    const response = await this.#call<InstanceType<typeof provider.CreateResponse>>("create", request);
    return { id: response.getId(), properties: plain(response.getProperties()) };
  }

  /** An empty id says that it is gone. @param urn as the engine has it now */
  async read(
    id: string,
    properties: Properties,
    urn = "",
  ): Promise<{ id: string; properties: Properties; inputs: Properties }> {
    const request = new provider.ReadRequest();
    request.setId(id);
    request.setUrn(urn);
    request.setProperties(struct(properties));
    const response = await this.#call<InstanceType<typeof provider.ReadResponse>>("read", request);
    return {
      id: response.getId(),
      properties: plain(response.getProperties()),
      inputs: plain(response.getInputs()),
    };
  }

  async update(id: string, olds: Properties, news: Properties): Promise<{ properties: Properties }> {
    const request = new provider.UpdateRequest();
    request.setId(id);
    request.setOlds(struct(olds));
    request.setNews(struct(news));
    const response = await this.#call<InstanceType<typeof provider.UpdateResponse>>("update", request);
    return { properties: plain(response.getProperties()) };
  }

  /** @param urn as the engine has it now */
  async delete(id: string, properties: Properties, urn = ""): Promise<void> {
    const request = new provider.DeleteRequest();
    request.setId(id);
    request.setUrn(urn);
    request.setProperties(struct(properties));
    await this.#call("delete", request);
  }

  signal(name: NodeJS.Signals): void {
    this.#process.kill(name);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#client?.close();
    // `script` would wait for its child; when it is gone, its terminal hangs up on the child.
    this.#process.kill("SIGKILL");
    await ended(this.#process);
    this.#engine.close();
  }

  #call<R>(method: string, request: unknown): Promise<R> {
    type Unary = (request: unknown, done: (error: grpc.ServiceError | null, response: R) => void) => void;
    const client = this.#client as unknown as Record<string, Unary>;
    return new Promise((resolve, reject) =>
      client[method]?.(request, (error, response) =>
        error ? reject(new HostError(error)) : resolve(response),
      ),
    );
  }
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
}

function struct(properties: Properties): Struct {
  return structs.Struct.fromJavaScript(properties as Parameters<typeof Struct.fromJavaScript>[0]);
}

function plain(properties: Struct | undefined): Properties {
  return (properties?.toJavaScript() ?? {}) as Properties;
}

function readDetails(metadata: grpc.Metadata): InitFailed | undefined {
  const [bytes] = metadata.get("grpc-status-details-bin");
  if (!bytes) return undefined;
  const [detail] = status.Status.deserializeBinary(bytes as Buffer).getDetailsList();
  const failed = detail?.unpack(
    provider.ErrorResourceInitFailed.deserializeBinary,
    "pulumirpc.ErrorResourceInitFailed",
  );
  if (!failed) return undefined;
  return { id: failed.getId(), properties: plain(failed.getProperties()), reasons: failed.getReasonsList() };
}
