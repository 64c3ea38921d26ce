import { createServer, type Http2Server } from "node:http2";
import type { AddressInfo } from "node:net";
import { type LocalServer, type Reply, serve } from "../server.ts";

/** A span as OTLP writes it in JSON (opentelemetry/proto/trace/v1/trace.proto). */
export interface CollectedSpan {
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  name: string;
  kind: number;
  attributes: Record<string, unknown>;
  events: string[];
  /** 2 is an error. */
  status: { code?: number; message?: string };
}

interface Raw {
  resourceSpans: {
    scopeSpans: {
      spans: (Omit<CollectedSpan, "attributes" | "events"> & {
        attributes: Pair[];
        events?: { name: string }[];
      })[];
    }[];
  }[];
}

interface Pair {
  key: string;
  value: Record<string, unknown>;
}

/** A collector of OpenTelemetry, over HTTP. */
export interface Collector extends LocalServer {
  /** What has come by now, as JSON. */
  spans(): CollectedSpan[];
  /** All that has come, whatever it is. */
  text(): string;
}

export async function startCollector(
  answer: () => Reply | undefined = () => ({ status: 200, body: {} }),
): Promise<Collector> {
  const server = await serve(answer);
  return Object.assign(server, {
    text: () =>
      server.requests.map(({ body, url, headers }) => JSON.stringify([url, headers]) + body).join("\n"),
    spans: () => server.requests.flatMap(({ body }) => spansIn(JSON.parse(body) as Raw)),
  });
}

function spansIn({ resourceSpans }: Raw): CollectedSpan[] {
  return resourceSpans.flatMap(({ scopeSpans }) =>
    scopeSpans.flatMap(({ spans }) =>
      spans.map((span) => ({
        ...span,
        attributes: Object.fromEntries(
          span.attributes.map(({ key, value }) => [key, Object.values(value)[0]]),
        ),
        events: (span.events ?? []).map(({ name }) => name),
      })),
    ),
  );
}

/** Listens as Pulumi's engine does with `--otel-traces`. @returns where, and the messages that come */
export async function startGrpcCollector(
  status = "0",
): Promise<{ address: string; messages: Buffer[] } & AsyncDisposable> {
  const messages: Buffer[] = [];
  const server: Http2Server = createServer();
  server.on("stream", (stream, headers) => {
    const chunks: Buffer[] = [];
    stream.on("data", (chunk: Buffer) => chunks.push(chunk));
    stream.on("end", () => {
      const body = Buffer.concat(chunks);
      if (
        headers[":path"] === "/opentelemetry.proto.collector.trace.v1.TraceService/Export" &&
        body.readUInt32BE(1) === body.length - 5
      )
        messages.push(body.subarray(5));
      stream.respond({ ":status": 200, "content-type": "application/grpc" }, { waitForTrailers: true });
      stream.on("wantTrailers", () => stream.sendTrailers({ "grpc-status": status }));
      stream.end(Buffer.from([0, 0, 0, 0, 0]));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    address: `127.0.0.1:${port}`,
    messages,
    [Symbol.asyncDispose]: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
