import { decodedLoosely } from "../data/values.ts";

/** Where spans go. */
export interface TraceTarget {
  url: string;
  protocol: "http/protobuf" | "http/json" | "grpc";
  headers: Record<string, string>;
  /** For messages. */
  where: string;
}

/**
 * What the environment says of traces, in OpenTelemetry's variables and the engine's: `pulumi --otel-traces` has its plugins send spans to
 * the engine, and hands them on. Undefined: nobody asks for traces.
 */
export function traceTarget(env: NodeJS.ProcessEnv): TraceTarget | undefined {
  if (env.OTEL_SDK_DISABLED?.toLowerCase() === "true" || env.OTEL_TRACES_EXPORTER === "none")
    return undefined;
  const engine = env.PULUMI_OTEL_EXPORTER_OTLP_ENDPOINT;
  if (engine) return { url: withScheme(engine), protocol: "grpc", headers: {}, where: "Pulumi's engine" };
  const url = env.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT || env.OTEL_EXPORTER_OTLP_ENDPOINT;
  if (!url) return undefined;
  const protocol = env.OTEL_EXPORTER_OTLP_TRACES_PROTOCOL || env.OTEL_EXPORTER_OTLP_PROTOCOL;
  const { origin } = URL.parse(withScheme(url)) ?? { origin: "OTEL_EXPORTER_OTLP_ENDPOINT, which is no URL" };
  return {
    url: withScheme(url),
    protocol: protocol === "grpc" || protocol === "http/json" ? protocol : "http/protobuf",
    headers: headersIn(env.OTEL_EXPORTER_OTLP_TRACES_HEADERS || env.OTEL_EXPORTER_OTLP_HEADERS || ""),
    where: origin,
  };
}

function withScheme(text: string): string {
  return /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `http://${text}`;
}

/** `api-key=value,other=value`, as OpenTelemetry's specification writes them (Protocol Exporter). */
function headersIn(text: string): Record<string, string> {
  const pairs = text.split(",").map((pair) => pair.split("=").map((part) => part.trim()));
  return Object.fromEntries(
    pairs.flatMap(([name, ...value]) =>
      name ? [[name.toLowerCase(), decodedLoosely(value.join("="))]] : [],
    ),
  );
}
