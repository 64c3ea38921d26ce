import { readFileSync } from "node:fs";
import { isDeepStrictEqual } from "node:util";
import type { ChannelOptions, handleUnaryCall } from "@grpc/grpc-js";
import plugins from "@pulumi/pulumi/proto/plugin_pb.js";
import rpc from "@pulumi/pulumi/proto/provider_pb.js";
import empty from "google-protobuf/google/protobuf/empty_pb.js";
import type { PropertyDiff } from "../../provider/index.ts";
import { type Decoded, decode, encode, type Properties } from "./codec.ts";
import type { Configuration } from "./configuration.ts";
import { failureOf } from "./failure.ts";
import { type Answer, NotReady, type Operations } from "./operations.ts";

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
}

type Message = object;
// biome-ignore lint/suspicious/noExplicitAny: each call has messages of its own, of which `unary` knows the types
type Handler = handleUnaryCall<any, any>;

/** The calls of Pulumi's ResourceProvider service (proto/pulumi/provider.proto), in the words of the operations. */
export function serviceOf({ operations, configuration, schema, cancel, attach }: Parts) {
  const { DiffChanges } = rpc.DiffResponse;
  /** Whether resources ask for a refresh before each update, so that drift shows in a plain preview. */
  const refreshes = () => configuration.get("refreshBeforeUpdate") === "true";

  return {
    handshake: unary(() => {
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
      answer.setVersion((JSON.parse(readFileSync(schema, "utf8")) as { version: string }).version);
      return answer;
    }),

    getSchema: unary(() => {
      const answer = new rpc.GetSchemaResponse();
      answer.setSchema(readFileSync(schema, "utf8"));
      return answer;
    }),

    checkConfig: unary((request: rpc.CheckRequest) => {
      const { inputs, failures } = configuration.check(decode(request.getNews()).value);
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
      configuration.configure(decode(request.getArgs()).value);
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
      const [olds, news] = [request.getOlds(), request.getNews()].map((message) => decode(message).value) as [
        Properties,
        Properties,
      ];
      return diffResponse(Object.entries(await operations.diff(request.getUrn(), olds, news)), news);
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
      answer.setInputs(structOf(found.inputs, decode(request.getInputs())));
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
      answer.setReturn(encode(await operations.invoke(request.getTok(), value, request.getPreview())));
      return answer;
    }),

    cancel: unary(() => {
      cancel("cancelled");
      return new empty.Empty();
    }),
  };
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

function structOf({ properties, paths }: Answer, { secrets }: Decoded) {
  return encode(properties, secrets, paths);
}

function checkFailure({ property, reason }: { property: string; reason: string }): rpc.CheckFailure {
  const failure = new rpc.CheckFailure();
  failure.setProperty(property);
  failure.setReason(reason);
  return failure;
}

/** Properties that differ though no user wrote them, e.g. unfinished work, make an update without details. */
function diffResponse(
  changes: [property: string, change: PropertyDiff][],
  news: Properties,
): rpc.DiffResponse {
  const { DiffChanges } = rpc.DiffResponse;
  const answer = new rpc.DiffResponse();
  answer.setChanges(changes.length > 0 ? DiffChanges.DIFF_SOME : DiffChanges.DIFF_NONE);
  answer.setDiffsList(changes.map(([property]) => property));
  answer.setReplacesList(changes.filter(([, { replace }]) => replace).map(([property]) => property));
  // A node that leaves maintenance must not wait for another one that enters it: two would be away at once.
  answer.setDeletebeforereplace(true);
  answer.setHasdetaileddiff(true);
  for (const [property, { kind, replace }] of changes) {
    if (!(property in news) && kind !== "delete") continue;
    const detail = new rpc.PropertyDiff();
    detail.setKind(kinds[kind][replace ? 1 : 0]);
    detail.setInputdiff(true);
    answer.getDetaileddiffMap().set(property, detail);
  }
  return answer;
}

const { Kind } = rpc.PropertyDiff;
const kinds = {
  add: [Kind.ADD, Kind.ADD_REPLACE],
  update: [Kind.UPDATE, Kind.UPDATE_REPLACE],
  delete: [Kind.DELETE, Kind.DELETE_REPLACE],
} as const;

/** Bodies are as large as the largest state: the engine itself allows 400 MiB. */
export const serverOptions: ChannelOptions = {
  "grpc.max_receive_message_length": 400 * 1024 * 1024,
  "grpc.max_send_message_length": 400 * 1024 * 1024,
};
