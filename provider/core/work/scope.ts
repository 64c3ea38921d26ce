import { type ConfigSource, resolveConnection } from "../connection/resolve.ts";
import type { Connection, System } from "../connection/settings.ts";
import { clock } from "../data/clock.ts";
import { formatDuration, parseDuration } from "../data/duration.ts";
import { throttled } from "../data/progress.ts";
import { isObject } from "../data/values.ts";
import { type Http, openHttp } from "../http/http.ts";
import type { TextKind } from "../http/redact.ts";

/** What a door hands in with every operation. Doors know nothing of resources, the lifecycle nothing of doors. */
export interface Context {
  /** Stack configuration: `clusterops:connections` as JSON text, secrets in clear. */
  config: ConfigSource;
  /** True in a preview; undefined where the door cannot tell. */
  preview?: boolean;
  /** Whether this very operation was shown in a preview before, and went on after it; undefined where the door cannot tell. */
  previewed?: boolean;
  signal: AbortSignal;
  /** A deadline of the door's own, in seconds; the `timeout` input may only shorten it. */
  timeoutSeconds?: number;
  /** Shows what is going on, in place of what was shown before. */
  progress(message: string): void;
  /** Shows what the user should know before or beside the result. */
  warn(message: string): void;
  /** Shows what is going to happen. */
  inform(message: string): void;
}

/** One finished wait: what was waited for, and when, in milliseconds since the epoch. */
export interface WaitRecord {
  what: string;
  from: number;
  to: number;
}

export interface Deadline {
  /** As the user wrote it, for messages. */
  text: string;
  /** Milliseconds left, never below 0. */
  remaining(): number;
  hasPassed(): boolean;
}

/** What a spec has at hand during one operation on one resource. */
export interface Scope {
  /** The installation that `connection` means. */
  readonly http: Http;
  /** The installation that another input means. */
  connect(reference: string | Connection | undefined, property: string): Http;
  /** Ends with the deadline or a cancellation. */
  readonly signal: AbortSignal;
  /** Ends what the operation has left running, such as the other requests of a look that failed. */
  end(): void;
  readonly deadline: Deadline;
  progress(message: string): void;
  warn(message: string): void;
  /**
   * Records, from here on, that something was set going: should the operation fail or time out, the resource is kept with
   * this handle, and the next `up` gets it back (provider/README.md, rule 4).
   *
   * @param handle plain data that tells ours from another's; never a secret
   * @param outputs what is already known to show
   */
  keep(handle: Record<string, unknown>, outputs?: Record<string, unknown>): void;
  /** Takes `keep` back: what was asked for was refused, and nothing runs. */
  forget(): void;
  /** Blanks the credentials of every connection used so far out of a message. */
  redact(message: string): string;
  /**
   * The same for all texts in plain data that is going to be recorded.
   *
   * @param own inputs: a text that the user wrote stays as it is, and is in state anyway
   */
  redactData<T>(value: T, own: Record<string, unknown>): T;
  /** The waits of this operation, for the record. */
  readonly waits: WaitRecord[];
  readonly kept: { handle: Record<string, unknown>; outputs: Record<string, unknown> } | undefined;
  /** Whether the user has seen a preview of this operation; undefined where that cannot be told. */
  readonly previewed: boolean | undefined;
  /** The last request that failed and was repeated: what a time-out was really about. */
  readonly trouble: Error | undefined;
  /** Remembers a request that failed and will be repeated; calls made with `http` do so by themselves. */
  noteTrouble(error: Error): void;
}

/** How long a preview may go on with what it has read, in milliseconds. */
const previewAge = 30_000;
/** And an `up`, in which each resource may change what the next one has to see. */
const upAge = 1_000;

/** A preview changes nothing, so that what it has read holds for all of its resources, however many they are. */
function recallAge({ preview }: Context, maxAge: number): number {
  if (preview === undefined) return maxAge;
  return preview ? Math.max(maxAge, previewAge) : Math.min(maxAge, upAge);
}

const pools = new Map<string, Http>();

/** The connection's pool: one per set of settings in this process, credentials included, so that a rotated one counts at once. */
export function connect(
  context: Context,
  system: System,
  reference: string | Connection | undefined,
  property = "connection",
): Http {
  const resolved = resolveConnection(system, reference, context.config, property);
  const key = JSON.stringify(resolved);
  const known = pools.get(key);
  if (known) return known;
  if (!resolved.tls.rejectUnauthorized) {
    context.warn(
      `connection ${resolved.name}: insecureSkipVerify accepts any server certificate: anybody on the way can read the credentials`,
    );
  }
  const http = openHttp(resolved);
  pools.set(key, http);
  return http;
}

/** Opens the scope of one operation. `timeout` starts now. */
export function openScope(
  context: Context,
  system: System,
  { connection, timeout }: { connection?: string | Connection; timeout: string | number },
): Scope {
  const own = parseDuration(timeout, "timeout");
  const limit = Math.min(own, (context.timeoutSeconds ?? Number.POSITIVE_INFINITY) * 1_000);
  const started = clock.elapsed();
  const expiry = clock.timeout(limit);
  const ended = new AbortController();
  let kept: Scope["kept"];
  let trouble: Error | undefined;
  const used = new Set<Http>();
  const noteTrouble = (error: Error) => {
    trouble = error;
  };
  const blank = (text: string, kind: TextKind) =>
    [...used].reduce((sum, http) => http.redact(sum, kind), text);
  const use = (http: Http): Http => {
    used.add(http);
    // Field by field: a scope may itself be the options, and a spread would lose what it inherits (inOvertime).
    const noting: Http["call"] = (call, { signal, patience, onTrouble = noteTrouble }) =>
      http.call(call, { signal, patience, onTrouble });
    const recall: Http["recall"] = (call, options, maxAge) =>
      http.recall(call, options, recallAge(context, maxAge));
    return { ...http, call: noting, recall };
  };
  return {
    get http() {
      return use(connect(context, system, connection));
    },
    connect: (reference, property) => use(connect(context, system, reference, property)),
    redact: (message) => blank(message, "message"),
    redactData(value, own) {
      const written = new Set(Object.values(own).flat());
      // What consists of words is a message, whoever recorded it.
      const kindOf = (text: string) => (/\s/.test(text) ? "message" : "data");
      return mapTexts(value, (text) => (written.has(text) ? text : blank(text, kindOf(text))));
    },
    signal: AbortSignal.any([context.signal, expiry, ended.signal]),
    end: () => ended.abort(new Error("the operation has ended")),
    deadline: {
      text: typeof timeout === "string" && limit === own ? timeout : formatDuration(limit),
      // A timer may strike a fraction of a millisecond before its time: then none is left.
      remaining: () => (expiry.aborted ? 0 : Math.max(0, started + limit - clock.elapsed())),
      hasPassed: () => expiry.aborted && !context.signal.aborted,
    },
    progress: throttled((message) => context.progress(blank(message, "message"))),
    warn: (message) => context.warn(blank(message, "message")),
    get previewed() {
      return context.previewed;
    },
    waits: [],
    keep(handle, outputs = {}) {
      kept = { handle, outputs: { ...kept?.outputs, ...outputs } };
    },
    forget() {
      kept = undefined;
    },
    get kept() {
      return kept;
    },
    noteTrouble,
    get trouble() {
      return trouble;
    },
  };
}

/** The same scope with time of its own: for what has to be done after the deadline, such as cancelling. */
export function inOvertime(scope: Scope, milliseconds: number): Scope {
  const signal = clock.timeout(milliseconds);
  const started = clock.elapsed();
  return Object.create(scope, {
    signal: { value: signal },
    deadline: {
      value: {
        text: formatDuration(milliseconds),
        remaining: () => (signal.aborted ? 0 : Math.max(0, started + milliseconds - clock.elapsed())),
        hasPassed: () => signal.aborted,
      } satisfies Deadline,
    },
  });
}

function mapTexts<T>(value: T, change: (text: string) => string): T {
  if (typeof value === "string") return change(value) as T;
  if (Array.isArray(value)) return value.map((item) => mapTexts(item, change)) as T;
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, mapTexts(item, change)])) as T;
}
