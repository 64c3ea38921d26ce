import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import grpc from "@grpc/grpc-js";
import engineGrpc from "@pulumi/pulumi/proto/engine_grpc_pb.js";
import engine from "@pulumi/pulumi/proto/engine_pb.js";
import services from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import { commandLine } from "../shared/command-line.ts";
import { type EngineApi, engineAddress, engineLog } from "../shared/engine-log.ts";
import { openMessages } from "../shared/messages.ts";
import { engineIn, watchParent } from "../shared/parent.ts";
import { endAfter, listen } from "../shared/serving.ts";
import { UnderWay } from "../shared/under-way.ts";
import { Configuration } from "./configuration.ts";
import { Operations } from "./operations.ts";
import { serverOptions, serviceOf, versionIn } from "./service.ts";

/*
 * The process of the native plugin: the engine starts one for each provider of a preview or an update, reads the port from its output, and
 * calls it there.
 */

/** Of the resource that a call is about; empty where there is none. */
const urnIn = (call: unknown) => (call as { request: { getUrn?(): string } }).request.getUrn?.() ?? "";

/** Beside the file that this is built into. */
const schema = join(dirname(fileURLToPath(import.meta.url)), "schema.json");

const api: EngineApi = {
  EngineClient: engineGrpc.EngineClient,
  LogRequest: engine.LogRequest,
  LogSeverity: engine.LogSeverity,
  createInsecure: () => grpc.credentials.createInsecure(),
};

/** Serves until the engine ends this process. Prints the port, and nothing else. */
export async function main(): Promise<void> {
  const address = engineAddress();
  if (address === undefined) {
    console.error(
      `pulumi-resource-clusterops is the plugin of pulumi-clusterops ${versionIn(schema)}: the Pulumi CLI starts it, and there is nothing to do with it by hand`,
    );
    process.exitCode = 1;
    return;
  }
  const cancelled = new AbortController();
  const cancel = (reason: string) => cancelled.abort(new DOMException(reason, "AbortError"));
  const configuration = new Configuration();
  const line = commandLine();
  let log = engineLog(address, api);
  let messagesOf = openMessages(log, line);
  const operations = new Operations({
    line,
    messagesOf: (...of) => messagesOf(...of),
    settings: configuration,
    signal: cancelled.signal,
  });
  const server = new grpc.Server(serverOptions);
  // What a call has said of its resource, or of the stack: not what others say meanwhile.
  const underWay = new UnderWay((call) => log.delivered(urnIn(call), ""));
  server.addService(
    services.ResourceProviderService as unknown as grpc.ServiceDefinition,
    underWay.tracked(
      serviceOf({
        operations,
        configuration,
        schema,
        cancel,
        warn: (message, urn) => messagesOf(urn).warn(message),
        attach(to) {
          log = engineLog(to, api);
          messagesOf = openMessages(log, line);
        },
      }),
    ),
  );
  const port = await listen(server, grpc.ServerCredentials.createInsecure());
  process.stdout.write(`${port}\n`);
  watchParent(() => {
    cancel("the engine is gone");
    endAfter(underWay, server);
  }, engineIn(process.argv));
}
