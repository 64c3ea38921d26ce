import grpc from "@grpc/grpc-js";
import { engineIn, watchParent } from "../shared/parent.ts";
import { endAfter, listen } from "../shared/serving.ts";
import { UnderWay } from "../shared/under-way.ts";
import { selfSigned } from "./certificate.ts";
import { applyOf, programOf } from "./command-line.ts";
import { Configuration } from "./configuration.ts";
import { address, objection } from "./handshake.ts";
import { Operations } from "./operations.ts";
import { controller, provider } from "./protocol.ts";
import { serviceOf } from "./service.ts";
import { wordsFor } from "./words.ts";

/*
 * The process of the provider: Terraform starts one for each walk through its graph (validate, plan, apply), reads from its output where it
 * listens, and calls it there.
 */

/** Serves until Terraform ends this process. */
export async function main(env: NodeJS.ProcessEnv = process.env): Promise<void> {
  const why = objection(env);
  if (why !== undefined) {
    console.error(why);
    process.exitCode = 1;
    return;
  }
  const cancelled = new AbortController();
  const cancel = (reason: string) => cancelled.abort(new DOMException(reason, "AbortError"));
  const configuration = new Configuration();
  const line = programOf(process.ppid);
  const words = wordsFor(line?.program ?? "terraform");
  const operations = new Operations({
    configuration,
    words,
    apply: line && applyOf(line.words, env),
    signal: cancelled.signal,
    // Terraform keeps it for its own log (TF_LOG).
    log: (message) => console.error(`[INFO] ${message}`),
  });
  const server = new grpc.Server({
    "grpc.max_receive_message_length": 256 * 1024 * 1024,
    "grpc.max_send_message_length": 256 * 1024 * 1024,
  });
  const underWay = new UnderWay();
  const service = serviceOf({ operations, configuration, words, stop: () => cancel("interrupted") });
  server.addService(provider, underWay.tracked(service));
  const end = (reason: string) => {
    cancel(reason);
    endAfter(underWay, server);
  };
  server.addService(controller, {
    Shutdown: ((_call, done) => {
      done(null, {});
      end("terraform ends");
    }) satisfies grpc.handleUnaryCall<object, object>,
  });
  const { der, pem, key } = selfSigned();
  const credentials = grpc.ServerCredentials.createSsl(
    Buffer.from(env.PLUGIN_CLIENT_CERT ?? ""),
    [{ private_key: Buffer.from(key), cert_chain: Buffer.from(pem) }],
    true,
  );
  const port = await listen(server, credentials);
  // A terminal sends it to all of its processes; Terraform then says what is to be done (StopProvider).
  process.on("SIGINT", () => {});
  // Nobody may be left to read what it says.
  for (const output of [process.stdout, process.stderr]) output.on("error", () => {});
  process.on("SIGTERM", () => end("terminated"));
  process.stdout.write(address(port, der));
  watchParent(() => end("terraform is gone"), engineIn(process.argv));
}
