import grpc from "@grpc/grpc-js";
import providerGrpc from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import rpc from "@pulumi/pulumi/proto/provider_pb.js";
import statuses from "@pulumi/pulumi/proto/status_pb.js";
import type { Struct } from "google-protobuf/google/protobuf/struct_pb.js";
import { decode, encode } from "../../../doors/native/codec.ts";
import { Configuration } from "../../../doors/native/configuration.ts";
import { Operations } from "../../../doors/native/operations.ts";
import { serverOptions, serviceOf } from "../../../doors/native/service.ts";
import type { Session } from "../../../provider/index.ts";
import type { Properties } from "../../rules/door.ts";

/** A failed call, as the engine gets it. */
export class CallError extends Error {
  /** What is to be recorded all the same. */
  readonly recorded:
    | { id: string; properties: Properties; inputs: Properties; reasons: string[] }
    | undefined;

  constructor(error: grpc.ServiceError) {
    super(error.details);
    const [bytes] = error.metadata.get("grpc-status-details-bin");
    const [detail] = bytes ? statuses.Status.deserializeBinary(bytes as Buffer).getDetailsList() : [];
    const failed = detail?.unpack(
      rpc.ErrorResourceInitFailed.deserializeBinary,
      "pulumirpc.ErrorResourceInitFailed",
    );
    this.recorded = failed
      ? {
          id: failed.getId(),
          properties: decode(failed.getProperties()).value,
          inputs: decode(failed.getInputs()).value,
          reasons: failed.getReasonsList(),
        }
      : undefined;
  }
}

/** What one plugin was told to say. */
export interface Said {
  warnings: string[];
  plans: string[];
  progress: string[];
}

type Unary = (request: unknown, done: (error: grpc.ServiceError | null, answer: never) => void) => void;

/** The service of the native plugin in this process, and a client that calls it over gRPC, as the engine does. */
export class PluginServer implements AsyncDisposable {
  readonly said: Said = { warnings: [], plans: [], progress: [] };
  readonly configuration: Configuration;
  readonly #server = new grpc.Server(serverOptions);
  #client: providerGrpc.ResourceProviderClient | undefined;
  #cancelled = new AbortController();

  private constructor(connections: object, session: Session | undefined, env: NodeJS.ProcessEnv) {
    this.configuration = new Configuration({
      PULUMI_CONFIG: JSON.stringify({ connections: JSON.stringify(connections) }),
      ...env,
    });
    const { warnings, plans, progress } = this.said;
    const operations = new Operations({
      session,
      env,
      config: this.configuration.get,
      // One operation after the other: a cancelled one is not to end the next.
      get signal() {
        return server.#cancelled.signal;
      },
      messagesOf: () => ({
        warn: (message) => void warnings.push(message),
        inform: (message) => void plans.push(message),
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
      }),
    );
  }

  static async start(
    connections: object,
    { session, env = {} }: { session?: Session; env?: NodeJS.ProcessEnv } = {},
  ): Promise<PluginServer> {
    const plugin = new PluginServer(connections, session, env);
    const port = await new Promise<number>((resolve, reject) =>
      plugin.#server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, bound) =>
        error ? reject(error) : resolve(bound),
      ),
    );
    plugin.#client = new providerGrpc.ResourceProviderClient(
      `127.0.0.1:${port}`,
      grpc.credentials.createInsecure(),
    );
    return plugin;
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

  async diff(urn: string, olds: Properties, news: Properties) {
    const request = new rpc.DiffRequest();
    request.setUrn(urn);
    request.setOlds(encode(olds));
    request.setNews(encode(news));
    const answer = await this.call<rpc.DiffResponse>("diff", request);
    return {
      changes: answer.getChanges() === rpc.DiffResponse.DiffChanges.DIFF_SOME,
      replaces: answer.getReplacesList(),
      deleteBeforeReplace: answer.getDeletebeforereplace(),
      details: [...answer.getDetaileddiffMap().keys()] as string[],
    };
  }

  async create(urn: string, news: Properties, how: { preview?: boolean; timeout?: number } = {}) {
    const request = new rpc.CreateRequest();
    request.setUrn(urn);
    request.setProperties(encode(news));
    request.setPreview(how.preview ?? false);
    request.setTimeout(how.timeout ?? 0);
    const answer = await this.call<rpc.CreateResponse>("create", request);
    return { id: answer.getId(), ...decode(answer.getProperties()) };
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
    const request = new rpc.ReadRequest();
    request.setUrn(urn);
    request.setId(id);
    request.setProperties(encode(properties));
    request.setInputs(encode(inputs));
    const answer = await this.call<rpc.ReadResponse>("read", request);
    const plain = (message: Struct | undefined) => decode(message).value;
    return answer.getId() === ""
      ? undefined
      : { inputs: plain(answer.getInputs()), outputs: plain(answer.getProperties()) };
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
