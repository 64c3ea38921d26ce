import { type Context, type Span, SpanKind, SpanStatusCode, type Tracer, trace } from "@opentelemetry/api";
import type { Activity, Attributes, Part } from "../data/activity.ts";
import type { OperationFacts } from "./observer.ts";

interface Tracing {
  tracer: Tracer;
  /** What an operation is a part of. */
  parent: Context;
  sendsTraceparent: boolean;
}

export function operationSpan(tracing: Tracing, facts: OperationFacts, run: string): Activity {
  const { operation, type, subject, resource, blank } = facts;
  const [, name = type] = type.split(":");
  const span = tracing.tracer.startSpan(`${operation} ${name}`, {}, tracing.parent);
  const activity = new SpanActivity(tracing, span, tracing.parent, blank);
  activity.note({
    "clusterops.operation": operation,
    "clusterops.type": type,
    "clusterops.subject": subject,
    "clusterops.resource": resource,
    "clusterops.run": run,
  });
  return activity;
}

/** An activity as a span. Every text is blanked. */
class SpanActivity implements Activity {
  readonly #tracing: Tracing;
  readonly #span: Span;
  readonly #context: Context;
  readonly #blank: (text: string) => string;
  #looks = 0;
  #seen = "";

  constructor(tracing: Tracing, span: Span, context: Context, blank: (text: string) => string) {
    this.#tracing = tracing;
    this.#span = span;
    this.#context = trace.setSpan(context, span);
    this.#blank = blank;
  }

  /** W3C Trace Context, version 00. */
  get traceparent(): string | undefined {
    if (!this.#tracing.sendsTraceparent) return undefined;
    const { traceId, spanId, traceFlags } = this.#span.spanContext();
    return `00-${traceId}-${spanId}-${traceFlags.toString(16).padStart(2, "0")}`;
  }

  begin(part: Part, name: string, attributes: Attributes = {}): Activity {
    const kind = part === "request" ? SpanKind.CLIENT : SpanKind.INTERNAL;
    const text = part === "wait" ? `wait: ${name}` : name;
    const span = this.#tracing.tracer.startSpan(this.#blank(text), { kind }, this.#context);
    const begun = new SpanActivity(this.#tracing, span, this.#context, this.#blank);
    begun.note({ "clusterops.part": part, ...attributes });
    return begun;
  }

  note(attributes: Attributes): void {
    for (const [name, value] of Object.entries(attributes)) {
      if (value === undefined) continue;
      this.#span.setAttribute(name, typeof value === "string" ? this.#blank(value) : value);
    }
  }

  saw(what: string): void {
    this.#looks++;
    // That a number has changed is no news.
    const news = what.replace(/[\d.]+/g, "0");
    if (news !== this.#seen) this.#span.addEvent(this.#blank(what));
    this.#seen = news;
    this.note({ "clusterops.seen": what, "clusterops.looks": this.#looks });
  }

  overrode(rule: string, reason: string): void {
    this.#span.addEvent("overridden", { rule: this.#blank(rule), reason: this.#blank(reason) });
  }

  end(failure?: string): void {
    if (failure !== undefined)
      this.#span.setStatus({ code: SpanStatusCode.ERROR, message: this.#blank(failure) });
    this.#span.end();
  }
}
