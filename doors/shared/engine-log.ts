import { createRequire } from "node:module";
import type engineGrpc from "@pulumi/pulumi/proto/engine_grpc_pb.js";
import type engine from "@pulumi/pulumi/proto/engine_pb.js";

type EngineClient = typeof engineGrpc.EngineClient;

/** Messages to the engine, shown on the row of the resource whose URN they carry. Each settles when the engine has it. */
export interface EngineLog {
  /** Stays in Diagnostics. */
  warn(message: string, urn: string): Promise<void>;
  /** Stays in Diagnostics. */
  inform(message: string, urn: string): Promise<void>;
  /** Shown while the operation runs, replaced by the next one. */
  progress(message: string, urn: string): Promise<void>;
  /**
   * Settles when the engine has all that stays in Diagnostics, of what was said by now.
   *
   * @param urns of these resources. Default: of all
   */
  delivered(...urns: string[]): Promise<void>;
}

/**
 * Where the engine that started this host listens: its last argument. Flags of the CLI may stand before it (`--tracing`, `-v`,
 * `--logtostderr`; buildPluginArguments in sdk/go/common/resource/plugin/plugin.go).
 */
export function engineAddress(words: readonly string[] = process.argv): string | undefined {
  const last = words.slice(2).at(-1);
  return last !== undefined && /:\d+$/.test(last) ? last : undefined;
}

/** What it takes to speak to the engine: gRPC's credentials and Pulumi's client have to be of one copy. */
export interface EngineApi {
  EngineClient: EngineClient;
  LogRequest: typeof engine.LogRequest;
  LogSeverity: typeof engine.LogSeverity;
  createInsecure(): ConstructorParameters<EngineClient>[1];
}

/** What has been said of one resource, until the engine has it. */
interface OnTheWay {
  /** The last message. */
  last: Promise<void>;
  /** The last one that stays in Diagnostics. */
  lasting: Promise<void>;
}

/** Connects to the engine. A message that cannot be delivered is dropped: no operation fails for it. */
export function engineLog(address: string, api: EngineApi = hostsApi()): EngineLog {
  const { EngineClient, LogRequest, LogSeverity, createInsecure } = api;
  const client = new EngineClient(address, createInsecure());
  const { INFO, WARNING } = LogSeverity;
  const nothing: OnTheWay = { last: Promise.resolve(), lasting: Promise.resolve() };
  const onTheWay = new Map<string, OnTheWay>();
  const send = (severity: number, ephemeral: boolean) => (message: string, urn: string) => {
    const request = new LogRequest();
    request.setSeverity(severity as 0);
    request.setMessage(message);
    request.setUrn(urn);
    request.setStreamid(0);
    request.setEphemeral(ephemeral);
    const before = onTheWay.get(urn) ?? nothing;
    // One after the other: of two calls at once the later one may arrive first, and then an old message stays.
    const last = before.last.then(() => new Promise<void>((resolve) => client.log(request, () => resolve())));
    const now = { last, lasting: ephemeral ? before.lasting : last };
    onTheWay.set(urn, now);
    void last.then(() => {
      if (onTheWay.get(urn) === now) onTheWay.delete(urn);
    });
    return last;
  };
  return {
    warn: send(WARNING, false),
    inform: send(INFO, false),
    progress: send(INFO, true),
    async delivered(...urns) {
      const of = urns.length > 0 ? urns.map((urn) => onTheWay.get(urn)) : [...onTheWay.values()];
      await Promise.all(of.map((one) => one?.lasting));
    },
  };
}

/**
 * What this host has loaded already. gRPC is taken where Pulumi finds its own: a second copy of it would have to be loaded, and its
 * credentials would be foreign to Pulumi's client.
 */
function hostsApi(): EngineApi {
  const pulumi = createRequire(createRequire(import.meta.url).resolve("@pulumi/pulumi/package.json"));
  const { credentials } = pulumi("@grpc/grpc-js") as {
    credentials: { createInsecure(): ConstructorParameters<EngineClient>[1] };
  };
  const { EngineClient } = pulumi("./proto/engine_grpc_pb.js") as typeof engineGrpc;
  const { LogRequest, LogSeverity } = pulumi("./proto/engine_pb.js") as typeof engine;
  return { EngineClient, LogRequest, LogSeverity, createInsecure: () => credentials.createInsecure() };
}
