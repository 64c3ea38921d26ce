import { connect } from "node:http2";
import type { IExporterTransport } from "@opentelemetry/otlp-exporter-base";

/** As OTLP names the call (opentelemetry/proto/collector/trace/v1/trace_service.proto). */
const path = "/opentelemetry.proto.collector.trace.v1.TraceService/Export";

/**
 * OTLP over gRPC: what Pulumi's engine listens for with `--otel-traces`. One unary call needs no library: a message with five bytes before
 * it, and a status in the trailers (gRPC over HTTP/2, PROTOCOL-HTTP2.md).
 */
export function grpcTransport(origin: string, headers: Record<string, string>): IExporterTransport {
  return {
    send(data, timeoutMillis) {
      const { promise, resolve } = Promise.withResolvers<Awaited<ReturnType<IExporterTransport["send"]>>>();
      const session = connect(origin);
      const fail = (error: Error) => resolve({ status: "failure", error });
      session.on("error", fail);
      session.setTimeout(timeoutMillis, () => fail(new Error(`no answer within ${timeoutMillis / 1_000}s`)));
      const call = session.request({
        ...headers,
        ":method": "POST",
        ":path": path,
        "content-type": "application/grpc",
        te: "trailers",
      });
      call.on("error", fail);
      let status: unknown;
      const see = (fields: Record<string, unknown>) => {
        status = fields["grpc-status"] ?? status;
      };
      call.on("response", see);
      call.on("trailers", see);
      call.on("data", () => {});
      call.on("end", () =>
        status === "0"
          ? resolve({ status: "success" })
          : fail(new Error(`it answers with gRPC status ${status}`)),
      );
      const length = Buffer.alloc(5);
      length.writeUInt32BE(data.length, 1);
      call.end(Buffer.concat([length, data]));
      return promise.finally(() => session.destroy());
    },
    shutdown() {},
  };
}
