import { type ClientHttp2Session, connect } from "node:http2";
import type { IExporterTransport } from "@opentelemetry/otlp-exporter-base";

/** As OTLP names the call (opentelemetry/proto/collector/trace/v1/trace_service.proto). */
const path = "/opentelemetry.proto.collector.trace.v1.TraceService/Export";

/**
 * OTLP over gRPC: what Pulumi's engine listens for with `--otel-traces`. One unary call needs no library: a message with five bytes before
 * it, and a status in the trailers (gRPC over HTTP/2, PROTOCOL-HTTP2.md).
 */
export function grpcTransport(origin: string, headers: Record<string, string>): IExporterTransport {
  return {
    async send(data, timeoutMillis) {
      let session: ClientHttp2Session | undefined;
      try {
        session = connect(origin);
        await call(session, headers, data, timeoutMillis);
        return { status: "success" };
      } catch (error) {
        // What is no URL, or no header, is thrown: whoever exports would tell nobody.
        return { status: "failure", error: error instanceof Error ? error : new Error(String(error)) };
      } finally {
        session?.destroy();
      }
    },
    shutdown() {},
  };
}

function call(
  session: ClientHttp2Session,
  headers: Record<string, string>,
  data: Uint8Array,
  timeoutMillis: number,
): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  session.on("error", reject);
  session.setTimeout(timeoutMillis, () => reject(new Error(`no answer within ${timeoutMillis / 1_000}s`)));
  const request = session.request({
    ...headers,
    ":method": "POST",
    ":path": path,
    "content-type": "application/grpc",
    te: "trailers",
  });
  request.on("error", reject);
  let status: unknown;
  const see = (fields: Record<string, unknown>) => {
    status = fields["grpc-status"] ?? status;
  };
  request.on("response", see);
  request.on("trailers", see);
  request.on("data", () => {});
  request.on("end", () =>
    status === "0" ? resolve() : reject(new Error(`it answers with gRPC status ${status}`)),
  );
  const length = Buffer.alloc(5);
  length.writeUInt32BE(data.length, 1);
  request.end(Buffer.concat([length, data]));
  return promise;
}
