import { nameOf } from "../../doors/shared/urn.ts";

/** One stretch of a piece of work: `request` up to the first wait, each `wait`, and `verify` after the last one. */
export interface Phase {
  kind: "request" | "wait" | "verify";
  /** What was waited for. */
  what?: string;
  /** Milliseconds since the epoch. */
  from: number;
  to: number;
}

/** `unfinished` is what the next `up` resumes; what has `failed` came to its end, and is tried again. */
export type State = "done" | "unfinished" | "failed";

/** What one resource had to do last. */
export interface Work {
  name: string;
  /** E.g. `redis:NodeMaintenance`. */
  type: string;
  state: State;
  /** Why it is not done. */
  reason?: string;
  /** Why guards were overridden for it, where they were. */
  overridden?: string;
  /** When; absent where that is not on record. An unfinished one ends where it was last seen. */
  span?: { from: number; to: number; phases: Phase[] };
}

/** What a stack export says. */
export interface StackWork {
  stack: string;
  project: string;
  /** In order of its beginning. Resources that had nothing to do have none. */
  works: Work[];
}

interface Resource {
  urn: string;
  type: string;
  outputs?: Record<string, unknown>;
  initErrors?: string[];
}

interface WaitRecord {
  what: string;
  from: number;
  to: number;
}

/** What the type of a resource begins with, by the door that made it: the dynamic provider, or the native plugin. */
const token = /^(pulumi-nodejs:dynamic\/clusterops\/|clusterops:)/;

/** @throws Error when it is not what `pulumi stack export` writes */
export function workIn(exported: unknown): StackWork {
  const { deployment } = (exported ?? {}) as { deployment?: { resources?: unknown } };
  const listed = isObject(deployment) ? (deployment.resources ?? []) : undefined;
  if (!Array.isArray(listed)) throw new Error("this is not a stack export: run pulumi stack export");
  const resources = listed.filter(isResource);
  const [, stack = "", project = ""] = /^urn:pulumi:([^:]*)::([^:]*)::/.exec(resources[0]?.urn ?? "") ?? [];
  const works = resources.filter(({ type }) => token.test(type)).flatMap((each) => workOf(each) ?? []);
  const start = ({ span }: Work) => span?.from ?? Number.POSITIVE_INFINITY;
  const order = (a: Work, b: Work) => (a.name < b.name ? -1 : 1);
  return {
    stack,
    project,
    works: works.sort((a, b) => (start(a) === start(b) ? order(a, b) : start(a) - start(b))),
  };
}

/** What has happened since; of work that was resumed, the part that has. */
export function workSince(works: readonly Work[], since: number): Work[] {
  return works.flatMap(({ span, ...work }): Work[] => {
    // Without a time, what is not done has been tried again.
    if (!span) return work.state === "done" ? [] : [work];
    if (span.to < since) return [];
    const after = <T extends { from: number }>(part: T): T => ({ ...part, from: Math.max(part.from, since) });
    const phases = span.phases.filter(({ to }) => to > since).map(after);
    return [{ ...work, span: { ...after(span), phases } }];
  });
}

function workOf({ urn, type, ...recorded }: Resource): Work | undefined {
  const outputs = recorded.outputs ?? {};
  const initErrors = recorded.initErrors ?? [];
  const { waits, handle } = memoryOf(outputs);
  const from = timeOf(outputs.startedAt);
  if (from === undefined && !handle && outputs.overridden === undefined) return undefined;
  const failed = typeof handle?.failed === "string" ? handle.failed : undefined;
  const told = initErrors.filter((error) => typeof error === "string").join("; ");
  const state = !handle ? "done" : failed !== undefined ? "failed" : "unfinished";
  return {
    name: nameOf(urn),
    type: type.replace(token, ""),
    state,
    ...(state !== "done" && { reason: told || failed || "the next pulumi up resumes it" }),
    ...(typeof outputs.overridden === "string" && { overridden: outputs.overridden }),
    ...(from !== undefined && { span: spanOf(from, timeOf(outputs.finishedAt), waits) }),
  };
}

function timeOf(text: unknown): number | undefined {
  const time = typeof text === "string" ? Date.parse(text) : Number.NaN;
  return Number.isNaN(time) ? undefined : time;
}

/** What the provider remembers: under one key, or under two as version 0.1.0 kept it. */
function memoryOf(outputs: Record<string, unknown>): { waits: WaitRecord[]; handle?: { failed?: unknown } } {
  const { __memory: memory, __waits, __unfinished } = outputs;
  const { waits, handle } = (isObject(memory) ? memory : { waits: __waits, handle: __unfinished }) as {
    waits?: unknown;
    handle?: unknown;
  };
  return {
    waits: Array.isArray(waits) ? waits.filter(isWait) : [],
    ...(isObject(handle) && { handle }),
  };
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

function isResource(value: unknown): value is Resource {
  const { urn, type, outputs, initErrors } = (value ?? {}) as Record<string, unknown>;
  const isListed = typeof urn === "string" && typeof type === "string";
  return isListed && isObject(outputs ?? {}) && Array.isArray(initErrors ?? []);
}

function isWait(value: unknown): value is WaitRecord {
  const { what, from, to } = (value ?? {}) as Record<string, unknown>;
  return typeof what === "string" && Number.isFinite(from) && Number.isFinite(to);
}

function spanOf(from: number, finished: number | undefined, waits: WaitRecord[]): Work["span"] {
  const to = Math.max(from, finished ?? Math.max(from, ...waits.map((wait) => wait.to)));
  const within = (time: number) => Math.min(Math.max(time, from), to);
  const ordered = waits
    .map((wait) => ({ ...wait, from: within(wait.from), to: within(wait.to) }))
    .sort((a, b) => a.from - b.from);
  const [first] = ordered;
  if (!first) return { from, to, phases: to > from ? [{ kind: "request", from, to }] : [] };
  const last = Math.max(...ordered.map((wait) => wait.to));
  const phases: Phase[] = [
    { kind: "request", from, to: first.from },
    ...ordered.map(({ what, ...times }): Phase => ({ kind: "wait", what, ...times })),
    { kind: "verify", from: last, to },
  ];
  return { from, to, phases: phases.filter((phase) => phase.to > phase.from) };
}
