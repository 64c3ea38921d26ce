import grpc from "@grpc/grpc-js";
import engineGrpc from "@pulumi/pulumi/proto/engine_grpc_pb.js";
import engine, { type LogRequest } from "@pulumi/pulumi/proto/engine_pb.js";
import empty, { type Empty } from "google-protobuf/google/protobuf/empty_pb.js";

/** One message that a host sent to its engine. */
export interface LogMessage {
  /** Milliseconds, monotonic. */
  at: number;
  severity: "warning" | "info" | "other";
  text: string;
  urn: string;
  /** Shown in the status column only, until the next one. */
  ephemeral: boolean;
}

/** As much of Pulumi's engine as a provider host talks to: it takes log messages. */
export class FakeEngine {
  readonly logs: LogMessage[] = [];
  readonly #server = new grpc.Server();

  /** @returns its address */
  async start(): Promise<string> {
    const { WARNING, INFO } = engine.LogSeverity;
    this.#server.addService(engineGrpc.EngineService, {
      log: (call: { request: LogRequest }, done: grpc.sendUnaryData<Empty>) => {
        const { request } = call;
        const severity: number = request.getSeverity();
        this.logs.push({
          at: performance.now(),
          severity: severity === WARNING ? "warning" : severity === INFO ? "info" : "other",
          text: request.getMessage(),
          urn: request.getUrn(),
          ephemeral: request.getEphemeral(),
        });
        done(null, new empty.Empty());
      },
    } as unknown as grpc.UntypedServiceImplementation);
    const port = await new Promise<number>((resolve, reject) =>
      this.#server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, bound) =>
        error ? reject(error) : resolve(bound),
      ),
    );
    return `127.0.0.1:${port}`;
  }

  close(): void {
    this.#server.forceShutdown();
  }
}
