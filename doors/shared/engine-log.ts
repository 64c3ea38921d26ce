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
  /** Settles when the engine has all that stays in Diagnostics, of what was said by now. */
  delivered(): Promise<void>;
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

/** Connects to the engine. A message that cannot be delivered is dropped: no operation fails for it. */
export function engineLog(address: string, api: EngineApi = hostsApi()): EngineLog {
  const { EngineClient, LogRequest, LogSeverity, createInsecure } = api;
  const client = new EngineClient(address, createInsecure());
  const { INFO, WARNING } = LogSeverity;
  let sent = Promise.resolve();
  let lasting = sent;
  const send = (severity: number, ephemeral: boolean) => (message: string, urn: string) => {
    const request = new LogRequest();
    request.setSeverity(severity as 0);
    request.setMessage(message);
    request.setUrn(urn);
    request.setStreamid(0);
    request.setEphemeral(ephemeral);
    // One after the other: of two calls at once the later one may arrive first, and then an old message stays.
    sent = sent.then(() => new Promise((resolve) => client.log(request, () => resolve())));
    if (!ephemeral) lasting = sent;
    return sent;
  };
  return {
    warn: send(WARNING, false),
    inform: send(INFO, false),
    progress: send(INFO, true),
    delivered: () => lasting,
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
