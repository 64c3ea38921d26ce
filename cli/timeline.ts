/** One stretch of a bar: `request` up to the first wait, each `wait`, and `verify` after the last one. */
export interface Phase {
  kind: "request" | "wait" | "verify";
  /** What was waited for. */
  what?: string;
  /** Milliseconds since the epoch. */
  from: number;
  to: number;
}

/** The work of one resource. */
export interface Bar {
  name: string;
  /** E.g. `redis:NodeMaintenance`. */
  type: string;
  from: number;
  to: number;
  phases: Phase[];
  /** Why it is not finished: the reason of a failure, or that the next `up` resumes it. */
  trouble?: string;
}

/** `pulumi stack export`, in part. */
interface Export {
  deployment?: { resources?: Resource[] };
}

interface Resource {
  urn: string;
  type: string;
  outputs?: Record<string, unknown>;
}

interface WaitRecord {
  what: string;
  from: number;
  to: number;
}

const token = "pulumi-nodejs:dynamic/clusterops/";

/**
 * The work recorded in a stack's state, in order of its start. Resources that had nothing to do have none.
 *
 * @throws Error when it is not a stack export
 */
export function barsOf(exported: Export): Bar[] {
  if (!exported?.deployment) {
    throw new Error("this is not a stack export: run pulumi stack export");
  }
  const { resources = [] } = exported.deployment;
  return resources
    .filter(({ type }) => type.startsWith(token))
    .flatMap((resource) => barOf(resource) ?? [])
    .sort((a, b) => a.from - b.from || a.name.localeCompare(b.name));
}

function barOf({ urn, type, outputs = {} }: Resource): Bar | undefined {
  const from = Date.parse(String(outputs.startedAt));
  if (Number.isNaN(from)) return undefined;
  const { waits, handle } = memoryOf(outputs);
  const lastSeen = Math.max(from, ...waits.map((wait) => wait.to));
  const end = Date.parse(String(outputs.finishedAt));
  const to = Number.isNaN(end) ? lastSeen : end;
  return {
    name: urn.slice(urn.lastIndexOf("::") + 2),
    type: type.slice(token.length),
    from,
    to,
    phases: phasesOf(from, to, waits),
    ...(handle && { trouble: handle.failed ?? "not finished: the next up resumes it" }),
  };
}

/** What the provider remembers: under one key, or under two as version 0.1.0 kept it. */
function memoryOf(outputs: Record<string, unknown>): { waits: WaitRecord[]; handle?: { failed?: string } } {
  const { __memory: memory = {}, __waits: waits, __unfinished: handle } = outputs;
  const found = { waits, handle, ...(memory as object) } as ReturnType<typeof memoryOf>;
  return { ...found, waits: Array.isArray(found.waits) ? found.waits : [] };
}

function phasesOf(from: number, to: number, waits: WaitRecord[]): Phase[] {
  const ordered = [...waits].sort((a, b) => a.from - b.from);
  const [first] = ordered;
  const last = ordered.at(-1);
  if (!first || !last) return [{ kind: "request", from, to }];
  return [
    { kind: "request", from, to: first.from } as Phase,
    ...ordered.map((wait): Phase => ({ kind: "wait", ...wait })),
    { kind: "verify", from: last.to, to } as Phase,
  ].filter((phase) => phase.to > phase.from);
}
