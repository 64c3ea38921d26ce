import grpc from "@grpc/grpc-js";
import providerGrpc from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import rpc from "@pulumi/pulumi/proto/provider_pb.js";
import { type Decoded, decode, encode } from "../../../doors/native/codec.ts";
import { Configuration } from "../../../doors/native/configuration.ts";
import { Operations } from "../../../doors/native/operations.ts";
import { serverOptions, serviceOf } from "../../../doors/native/service.ts";
import type { CommandLine } from "../../../doors/shared/command-line.ts";
import { listen } from "../../../doors/shared/serving.ts";
import type { Session } from "../../../provider/index.ts";
import type { Properties, Settings } from "../../rules/door.ts";
import { settingsConfig } from "../../support/context.ts";
import { CallError } from "./calls.ts";

/** What one plugin was told to say. */
export interface Said {
  warnings: string[];
  plans: string[];
  progress: string[];
}

/** What a plugin finds around it. */
interface Around {
  session?: Session;
  env?: NodeJS.ProcessEnv;
  line?: CommandLine;
  settings?: Settings;
}

type Unary = (request: unknown, done: (error: grpc.ServiceError | null, answer: never) => void) => void;

/** The service of the native plugin in this process, and a client that calls it over gRPC, as the engine does. */
export class PluginServer implements AsyncDisposable {
  readonly said: Said = { warnings: [], plans: [], progress: [] };
  readonly configuration: Configuration;
  readonly #server = new grpc.Server(serverOptions);
  #client: providerGrpc.ResourceProviderClient | undefined;
  #cancelled = new AbortController();

  private constructor(connections: object, { session, env = {}, line, settings = {} }: Around) {
    this.configuration = new Configuration({
      PULUMI_CONFIG: JSON.stringify({
        connections: JSON.stringify(connections),
        ...settingsConfig(settings),
      }),
      ...env,
    });
    const { warnings, plans, progress } = this.said;
    const said = new Set<string>();
    /** On one row the same is said once. */
    const once = (list: string[], message: string, urn: string) => {
      if (said.size < said.add(`${urn} ${message}`).size) list.push(message);
    };
    const operations = new Operations({
      session,
      env,
      settings: this.configuration,
      line,
      // One operation after the other: a cancelled one is not to end the next.
      get signal() {
        return server.#cancelled.signal;
      },
      messagesOf: (urn) => ({
        warn: (message) => once(warnings, message, urn),
        inform: (message) => once(plans, message, urn),
        progress: (message) => void progress.push(message),
        clear: async () => {},
      }),
    });
    const server = this;
    this.#server.addService(
      providerGrpc.ResourceProviderService as unknown as grpc.ServiceDefinition,
      serviceOf({
        operations,
        configuration: this.configuration,
        schema: "plugin/schema.json",
        cancel: (reason) => this.#cancelled.abort(new DOMException(reason, "AbortError")),
        attach() {},
        warn: (message) => void warnings.push(message),
      }),
    );
  }

  static async start(connections: object, around: Around = {}): Promise<PluginServer> {
    const plugin = new PluginServer(connections, around);
    const port = await listen(plugin.#server, grpc.ServerCredentials.createInsecure());
    plugin.#client = new providerGrpc.ResourceProviderClient(
      `127.0.0.1:${port}`,
      grpc.credentials.createInsecure(),
    );
    return plugin;
  }

  /** What the engine says of itself. Not called: it is older than that. */
  async handshake(
    abilities: Partial<
      Pick<rpc.ProviderHandshakeRequest.AsObject, "supportsRefreshBeforeUpdate" | "invokeWithPreview">
    > = {
      supportsRefreshBeforeUpdate: true,
      invokeWithPreview: true,
    },
  ): Promise<void> {
    const request = new rpc.ProviderHandshakeRequest();
    request.setSupportsRefreshBeforeUpdate(abilities.supportsRefreshBeforeUpdate ?? false);
    request.setInvokeWithPreview(abilities.invokeWithPreview ?? false);
    await this.call("handshake", request);
  }

  /** The provider's own resource. @param name `default` and `default_1_0_0` are the engine's */
  async checkConfig(given: Properties, name = "default") {
    const request = new rpc.CheckRequest();
    request.setUrn(`urn:pulumi:dev::shop::pulumi:providers:clusterops::${name}`);
    request.setNews(encode(given));
    const answer = await this.call<rpc.CheckResponse>("checkConfig", request);
    return {
      inputs: decode(answer.getInputs()),
      failures: answer.getFailuresList().map((failure) => failure.toObject()),
    };
  }

  async configure(given: Properties, { acceptSecrets = true, name = "east" } = {}): Promise<void> {
    const request = new rpc.ConfigureRequest();
    request.setAcceptsecrets(acceptSecrets);
    request.setUrn(`urn:pulumi:dev::shop::pulumi:providers:clusterops::${name}`);
    request.setArgs(encode(given));
    await this.call("configure", request);
  }

  /** Ends what is under way. */
  cancel(): void {
    this.#cancelled.abort(new DOMException("cancelled", "AbortError"));
    this.#cancelled = new AbortController();
  }

  call<R>(method: string, request: unknown): Promise<R> {
    const client = this.#client as unknown as Record<string, Unary>;
    return new Promise((resolve, reject) =>
      client[method]?.(request, (error, answer) => (error ? reject(new CallError(error)) : resolve(answer))),
    );
  }

  async check(urn: string, olds: Properties | undefined, news: Properties, secrets: string[] = []) {
    const request = new rpc.CheckRequest();
    request.setUrn(urn);
    if (olds) request.setOlds(encode(olds));
    request.setNews(encode(news, secrets));
    const answer = await this.call<rpc.CheckResponse>("check", request);
    return {
      inputs: decode(answer.getInputs()),
      failures: answer.getFailuresList().map((failure) => ({
        property: failure.getProperty(),
        reason: failure.getReason(),
      })),
    };
  }

  async diff(urn: string, olds: Properties, news: Properties, secrets: string[] = []) {
    const request = new rpc.DiffRequest();
    request.setUrn(urn);
    request.setOlds(encode(olds, secrets));
    request.setNews(encode(news, secrets));
    const answer = await this.call<rpc.DiffResponse>("diff", request);
    return {
      changes: answer.getChanges() === rpc.DiffResponse.DiffChanges.DIFF_SOME,
      replaces: answer.getReplacesList(),
      deleteBeforeReplace: answer.getDeletebeforereplace(),
      details: [...answer.getDetaileddiffMap().keys()] as string[],
      diffs: answer.getDiffsList(),
    };
  }

  async create(
    urn: string,
    news: Properties,
    how: { preview?: boolean; timeout?: number; secrets?: string[] } = {},
  ) {
    const request = new rpc.CreateRequest();
    request.setUrn(urn);
    request.setProperties(encode(news, how.secrets));
    request.setPreview(how.preview ?? false);
    request.setTimeout(how.timeout ?? 0);
    const answer = await this.call<rpc.CreateResponse>("create", request);
    return {
      id: answer.getId(),
      ...decode(answer.getProperties()),
      refreshes: answer.getRefreshBeforeUpdate(),
    };
  }

  async update(
    urn: string,
    id: string,
    olds: Properties,
    news: Properties,
    how: { preview?: boolean; timeout?: number; oldInputs?: Properties } = {},
  ) {
    const request = new rpc.UpdateRequest();
    request.setUrn(urn);
    request.setId(id);
    request.setOlds(encode(olds));
    if (how.oldInputs) request.setOldInputs(encode(how.oldInputs));
    request.setNews(encode(news));
    request.setPreview(how.preview ?? false);
    request.setTimeout(how.timeout ?? 0);
    const answer = await this.call<rpc.UpdateResponse>("update", request);
    return decode(answer.getProperties());
  }

  async read(urn: string, id: string, properties: Properties, inputs: Properties = {}) {
    const { id: found, ...read } = await this.readDecoded(urn, id, properties, [], inputs);
    return found === "" ? undefined : { inputs: read.inputs.value, outputs: read.outputs.value };
  }

  async readDecoded(
    urn: string,
    id: string,
    properties: Properties,
    secrets: string[] = [],
    inputs: Properties = {},
  ) {
    const request = new rpc.ReadRequest();
    request.setUrn(urn);
    request.setId(id);
    request.setProperties(encode(properties, secrets));
    request.setInputs(encode(inputs, secrets));
    const answer = await this.call<rpc.ReadResponse>("read", request);
    const [read, outputs] = [answer.getInputs(), answer.getProperties()].map(decode) as [Decoded, Decoded];
    return { id: answer.getId(), inputs: read, outputs };
  }

  async delete(urn: string, id: string, properties: Properties): Promise<void> {
    const request = new rpc.DeleteRequest();
    request.setUrn(urn);
    request.setId(id);
    request.setProperties(encode(properties));
    await this.call("delete", request);
  }

  async invoke(token: string, args: Properties) {
    const request = new rpc.InvokeRequest();
    request.setTok(token);
    request.setArgs(encode(args));
    return decode((await this.call<rpc.InvokeResponse>("invoke", request)).getReturn()).value;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#client?.close();
    this.#server.forceShutdown();
  }
}
