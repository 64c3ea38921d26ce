import { type Context, ROOT_CONTEXT, TraceFlags, trace } from "@opentelemetry/api";
import {
  createOtlpNetworkExportDelegate,
  getSharedConfigurationDefaults,
  mergeOtlpSharedConfigurationWithDefaults,
  OTLPExporterBase,
} from "@opentelemetry/otlp-exporter-base";
import {
  convertLegacyHttpOptions,
  createOtlpHttpExportDelegate,
  getSharedConfigurationFromEnvironment,
} from "@opentelemetry/otlp-exporter-base/node-http";
import { JsonTraceSerializer, ProtobufTraceSerializer } from "@opentelemetry/otlp-transformer";
import { detectResources, envDetector, resourceFromAttributes } from "@opentelemetry/resources";
import { BasicTracerProvider, BatchSpanProcessor, type ReadableSpan } from "@opentelemetry/sdk-trace-base";
import type { Observer } from "./observer.ts";
import { grpcTransport } from "./otlp-grpc.ts";
import { Receiver } from "./receiver.ts";
import { operationSpan } from "./spans.ts";
import type { TraceTarget } from "./trace-target.ts";

/*
 * All that knows OpenTelemetry's packages: a file of its own beside each door's, loaded by nobody who has not set where traces go.
 */

type Exporter = OTLPExporterBase<ReadableSpan[]>;

/**
 * A span for each operation, step, wait and request (docs/traces-and-events.md).
 *
 * @param run the same for all operations of one process
 * @param sendsTraceparent whether requests carry the context of their span
 */
export function traceObserver(
  target: TraceTarget,
  { run, sendsTraceparent, env }: { run: string; sendsTraceparent: boolean; env: NodeJS.ProcessEnv },
): Observer {
  const receiver = new Receiver("traces", target.where);
  const exporter = watched(exporterTo(target), receiver);
  const named = resourceFromAttributes({ "service.name": "pulumi-clusterops" });
  const processor = new BatchSpanProcessor(exporter);
  const provider = new BasicTracerProvider({
    resource: named.merge(detectResources({ detectors: [envDetector] })),
    spanProcessors: [processor],
  });
  const tracer = provider.getTracer("pulumi-clusterops");
  const parent = parentIn(env);
  return {
    begin: (facts) => operationSpan({ tracer, parent, sendsTraceparent }, facts, run),
    flush: (warn) => receiver.wait(processor.forceFlush(), warn),
  };
}

function exporterTo({ url, protocol, headers }: TraceTarget): Exporter {
  if (protocol === "grpc") {
    const options = mergeOtlpSharedConfigurationWithDefaults(
      {},
      getSharedConfigurationFromEnvironment("TRACES"),
      getSharedConfigurationDefaults(),
    );
    return new OTLPExporterBase(
      createOtlpNetworkExportDelegate(options, ProtobufTraceSerializer, grpcTransport(url, headers)),
    );
  }
  // It reads the rest of OTEL_EXPORTER_OTLP_* by itself: endpoint, headers, time-out, certificates.
  const isJson = protocol === "http/json";
  const type = `application/${isJson ? "json" : "x-protobuf"}`;
  const options = convertLegacyHttpOptions({}, "TRACES", "v1/traces", { "Content-Type": type });
  return new OTLPExporterBase(
    createOtlpHttpExportDelegate(options, isJson ? JsonTraceSerializer : ProtobufTraceSerializer),
  );
}

/** The exporter, which says whether it delivers. */
function watched(exporter: Exporter, receiver: Receiver): Exporter {
  return Object.assign(Object.create(exporter) as Exporter, {
    export: (spans: ReadableSpan[], done: Parameters<Exporter["export"]>[1]) =>
      exporter.export(spans, (result) => {
        receiver.trouble = result.code === 0 ? undefined : (result.error?.message ?? "it does not take them");
        done(result);
      }),
  });
}

/** The span of whoever started this process, e.g. a CI system (W3C Trace Context, and TRACEPARENT as its environment variable). */
function parentIn({ TRACEPARENT }: NodeJS.ProcessEnv): Context {
  const [, traceId = "", spanId = "", flags = ""] =
    /^[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})/.exec(TRACEPARENT ?? "") ?? [];
  if (flags === "") return ROOT_CONTEXT;
  const traceFlags = Number.parseInt(flags, 16) & TraceFlags.SAMPLED;
  return trace.setSpanContext(ROOT_CONTEXT, { traceId, spanId, traceFlags, isRemote: true });
}
