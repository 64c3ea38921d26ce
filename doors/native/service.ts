import { readFileSync } from "node:fs";
import { isDeepStrictEqual } from "node:util";
import type { ChannelOptions, handleUnaryCall } from "@grpc/grpc-js";
import plugins from "@pulumi/pulumi/proto/plugin_pb.js";
import rpc from "@pulumi/pulumi/proto/provider_pb.js";
import empty from "google-protobuf/google/protobuf/empty_pb.js";
import { unknown } from "../../provider/index.ts";
import { NotReady } from "./answer.ts";
import { type Decoded, decode, encode } from "./codec.ts";
import type { Configuration } from "./configuration.ts";
import { detailsOf } from "./details.ts";
import { diffResponse } from "./diff-response.ts";
import { Engine } from "./engine.ts";
import { failureOf } from "./failure.ts";
import type { Operations } from "./operations.ts";
import { structOf } from "./sealing.ts";

/** What the service of one plugin process is made of. */
export interface Parts {
  operations: Operations;
  configuration: Configuration;
  /** The file with the package's schema, which has its version. */
  schema: string;
  /** Ends waits, so that what is begun is recorded. */
  cancel(reason: string): void;
  /** The engine that asked for this plugin by itself tells where it listens (debugging). */
  attach(address: string): void;
  /** Shows a warning on the row of that URN. */
  warn(message: string, urn: string): void;
}

type Message = object;
// biome-ignore lint/suspicious/noExplicitAny: each call has messages of its own, of which `unary` knows the types
type Handler = handleUnaryCall<any, any>;

/** The calls of Pulumi's ResourceProvider service (proto/pulumi/provider.proto), in the words of the operations. */
export function serviceOf({ operations, configuration, schema, cancel, attach, warn }: Parts) {
  const { DiffChanges } = rpc.DiffResponse;
  const engine = new Engine();
  /** Whether resources ask for a refresh before each update, so that drift shows in a plain preview. */
  const refreshes = () =>
    engine.refreshes(configuration.config("clusterops:refreshBeforeUpdate") === "true", (message) =>
      warn(message, ""),
    );

  return {
    handshake: unary((request: rpc.ProviderHandshakeRequest) => {
      engine.shake(request);
      const answer = new rpc.ProviderHandshakeResponse();
      answer.setAcceptSecrets(true);
      return answer;
    }),

    attach: unary((request: plugins.PluginAttach) => {
      attach(request.getAddress());
      return new empty.Empty();
    }),

    getPluginInfo: unary(() => {
      const answer = new plugins.PluginInfo();
      answer.setVersion(versionIn(schema));
      return answer;
    }),

    getSchema: unary(() => {
      const answer = new rpc.GetSchemaResponse();
      answer.setSchema(readFileSync(schema, "utf8"));
      return answer;
    }),

    checkConfig: unary((request: rpc.CheckRequest) => {
      const { inputs, failures } = configuration.check(request.getUrn(), decode(request.getNews()).value);
      // The engine asks nothing more of this provider in such a preview.
      if (inputs.connections === unknown) warn(looksAtNothing, request.getUrn());
      const answer = new rpc.CheckResponse();
      answer.setInputs(encode(inputs, ["connections"]));
      answer.setFailuresList(failures.map(checkFailure));
      return answer;
    }),

    diffConfig: unary((request: rpc.DiffRequest) => {
      const [olds, news] = [request.getOldInputs() ?? request.getOlds(), request.getNews()].map(
        (message) => decode(message).value,
      );
      const answer = new rpc.DiffResponse();
      // Never another provider: it is only a way in, and its resources stay.
      answer.setChanges(isDeepStrictEqual(olds, news) ? DiffChanges.DIFF_NONE : DiffChanges.DIFF_SOME);
      return answer;
    }),

    configure: unary((request: rpc.ConfigureRequest) => {
      engine.configure(request);
      configuration.configure(decode(request.getArgs()).value, request.getUrn());
      const answer = new rpc.ConfigureResponse();
      answer.setAcceptsecrets(true);
      answer.setSupportspreview(true);
      return answer;
    }),

    check: unary(async (request: rpc.CheckRequest) => {
      const news = decode(request.getNews());
      const { failures, ...checked } = await operations.check(request.getUrn(), news.value);
      const answer = new rpc.CheckResponse();
      answer.setInputs(structOf(checked, news));
      answer.setFailuresList(failures.map(checkFailure));
      return answer;
    }),

    diff: unary(async (request: rpc.DiffRequest) => {
      const [olds, news] = [decode(request.getOlds()), decode(request.getNews())];
      const changes = await operations.diff(request.getUrn(), olds.value, news.value);
      const sealed = new Set([...olds.secrets, ...news.secrets]);
      const details = detailsOf(changes, olds.value, news.value, sealed);
      const replaces = Object.keys(changes).filter((property) => changes[property]?.replace);
      return diffResponse(Object.keys(changes).length > 0, replaces, details);
    }),

    create: unary(async (request: rpc.CreateRequest) => {
      const news = decode(request.getProperties());
      const how = { preview: request.getPreview(), timeout: request.getTimeout() };
      const { id, ...made } = await recording(news, () =>
        operations.create(request.getUrn(), news.value, how),
      );
      const answer = new rpc.CreateResponse();
      answer.setId(id);
      answer.setProperties(structOf(made, news));
      answer.setRefreshBeforeUpdate(refreshes());
      return answer;
    }),

    update: unary(async (request: rpc.UpdateRequest) => {
      const news = decode(request.getNews());
      const olds = decode(request.getOlds()).value;
      const oldInputs = request.hasOldInputs() ? decode(request.getOldInputs()).value : olds;
      const how = { preview: request.getPreview(), timeout: request.getTimeout() };
      const made = await recording(news, () =>
        operations.update(request.getUrn(), request.getId(), { olds, oldInputs }, news.value, how),
      );
      const answer = new rpc.UpdateResponse();
      answer.setProperties(structOf(made, news));
      answer.setRefreshBeforeUpdate(refreshes());
      return answer;
    }),

    read: unary(async (request: rpc.ReadRequest) => {
      const properties = decode(request.getProperties());
      const found = await operations.read(request.getUrn(), request.getId(), properties.value);
      const answer = new rpc.ReadResponse();
      // Without an id: it is gone.
      if (!found) return answer;
      answer.setId(request.getId());
      answer.setProperties(structOf(found, properties));
      const { secrets } = decode(request.getInputs());
      answer.setInputs(
        structOf(found.inputs, { ...properties, secrets: new Set([...secrets, ...properties.secrets]) }),
      );
      answer.setRefreshBeforeUpdate(refreshes());
      return answer;
    }),

    delete: unary(async (request: rpc.DeleteRequest) => {
      const { value } = decode(request.getProperties());
      await operations.delete(request.getUrn(), value, request.getTimeout());
      return new empty.Empty();
    }),

    invoke: unary(async (request: rpc.InvokeRequest) => {
      const { value } = decode(request.getArgs());
      const answer = new rpc.InvokeResponse();
      answer.setReturn(encode(await operations.invoke(request.getTok(), value, engine.isPreview(request))));
      return answer;
    }),

    cancel: unary(() => {
      cancel("cancelled");
      return new empty.Empty();
    }),
  };
}

/** Of the package, as its schema has it. */
export function versionIn(schema: string): string {
  return (JSON.parse(readFileSync(schema, "utf8")) as { version: string }).version;
}

/** One call: its error, if it ends in one, is the engine's to show. */
function unary<Q>(work: (request: Q) => Message | Promise<Message>): Handler {
  return ({ request }, done) => {
    void (async () => work(request as Q))().then(
      (answer) => done(null, answer),
      (error) => done(failureOf(error)),
    );
  };
}

/** What is not ready is recorded with the inputs that it was asked with. */
async function recording<T>(news: Decoded, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof NotReady) error.inputs = news;
    throw error;
  }
}

const looksAtNothing =
  "the connections of this provider are not known yet: this preview says nothing of what its resources will find and do";

function checkFailure({ property, reason }: { property: string; reason: string }): rpc.CheckFailure {
  const failure = new rpc.CheckFailure();
  failure.setProperty(property);
  failure.setReason(reason);
  return failure;
}

/** Bodies are as large as the largest state: the engine itself allows 400 MiB. */
export const serverOptions: ChannelOptions = {
  "grpc.max_receive_message_length": 400 * 1024 * 1024,
  "grpc.max_send_message_length": 400 * 1024 * 1024,
  // gRPC's statistics of itself: nobody asks for them.
  "grpc.enable_channelz": 0,
};
