import { withoutUserinfo } from "./userinfo.ts";

/** Every failure that this provider reports on purpose. Its fields are data; its message is for the person on call. */
export class ClusteropsError extends Error {
  /** What comes before everything else that is said of it, in capitals: nobody may overlook it. */
  readonly alarm: string | undefined;

  constructor(message: string, options?: Caused & { alarm?: string }) {
    super(message, options);
    this.name = new.target.name;
    this.alarm = options?.alarm;
  }
}

/** `ErrorOptions`, which the declarations of a program for ES2020 (Pulumi's own template) do not know. */
export interface Caused {
  cause?: unknown;
}

/** An input that cannot work, found before anything was sent. */
export class InputError extends ClusteropsError {
  /** Property path of the input, e.g. `connection.endpoints[0]`. */
  readonly property: string;

  constructor(property: string, reason: string, options?: Caused) {
    super(reason, options);
    this.property = property;
  }
}

/** What the remote system's present state forbids: nothing was sent. */
export class Refusal extends ClusteropsError {
  /** Property path of the input that asks for it. */
  readonly property: string;

  constructor(property: string, reason: string) {
    super(reason);
    this.property = property;
  }
}

/** What a guard forbids now (guards/): nothing was sent. */
export class GuardRefusal extends Refusal {}

/** Whether a request that went wrong may have had an effect: `no` is certain, `late` says that it may still have one. */
export type Effect = "no" | "maybe" | "late";

export interface RequestFacts {
  method: string;
  /** Without credentials, by construction: URLs with userinfo are refused. */
  url: string;
  effect: Effect;
  retryAfter?: number;
}

/** A request that did not bring a usable answer. */
export abstract class RequestError extends ClusteropsError {
  readonly method: string;
  readonly url: string;
  /** Whether the request may have been carried out. Reading GETs have no effect. */
  readonly effect: Effect;
  /** Milliseconds that the server asked to wait before the next request. */
  readonly retryAfter: number | undefined;

  constructor(message: string, facts: RequestFacts, options?: Caused) {
    super(message, options);
    this.method = facts.method;
    this.url = facts.url;
    this.effect = facts.effect;
    this.retryAfter = facts.retryAfter;
  }
}

/** No answer: refused, reset, timed out, not resolvable, TLS failure. */
export class UnreachableError extends RequestError {
  /** Whether somebody has to change something first, e.g. a certificate: another try would fail like this one. */
  readonly lasts: boolean;

  constructor(message: string, facts: RequestFacts & { lasts?: boolean }, options?: Caused) {
    super(message, facts, options);
    this.lasts = facts.lasts ?? false;
  }
}

/** No answer for so long that who only looks ahead does not ask again (http/silences.ts). */
export class SilentError extends UnreachableError {}

/** An answer whose body is not what the call documents: HTML, truncated, empty, too large. */
export class BodyError extends RequestError {}

/** A redirect that must not be followed. */
export class RedirectError extends RequestError {}

/**
 * No access token could be had: what was asked for was never sent. Not a StatusError, whatever the token endpoint answered: its
 * 404 says nothing of the thing that was asked for.
 */
export class TokenError extends RequestError {}

/** An answer with a status that the call does not expect. */
export class StatusError extends RequestError {
  readonly status: number;
  /** The vendor's machine-readable code, e.g. `insufficient_resources`. */
  readonly code: string | undefined;
  /** Something on the way has said it, by its looks (a page for people): it tells nothing of the thing that was asked for. */
  readonly isOnTheWay: boolean;

  constructor(
    message: string,
    facts: RequestFacts & { status: number; code?: string; isOnTheWay?: boolean },
    options?: Caused,
  ) {
    super(message, facts, options);
    this.status = facts.status;
    this.code = facts.code;
    this.isOnTheWay = facts.isOnTheWay ?? false;
  }
}

/** Nothing of a request is on its way any more, or a second one does no harm: observe, and decide anew whether to send it. */
export class DecideAnew extends ClusteropsError {
  /** Milliseconds that the server asked to wait before the next request. */
  readonly retryAfter: number | undefined;

  /** There was waiting enough: it is decided anew at once. */
  readonly isDue: boolean;

  constructor(
    message: string,
    { retryAfter, isDue = false, ...options }: Caused & { retryAfter?: number; isDue?: boolean } = {},
  ) {
    super(message, options);
    this.retryAfter = retryAfter;
    this.isDue = isDue;
  }
}

/** What a decision rests on has become old before its request could leave: nothing was sent. */
export class StaleLook extends DecideAnew {
  constructor(age: number) {
    super(`what was seen ${(age / 1_000).toFixed(1)}s ago is too old to act on`);
  }
}

/** The `timeout` input ran out while the remote work was going on, or could not be observed. */
export class WaitExpired extends ClusteropsError {}

/** The remote job ended, and not well. The next `up` runs it again. */
export class RunFailed extends ClusteropsError {
  /** What is worth recording of the end, e.g. `{ status, errorCode }`. */
  readonly outputs: Record<string, unknown>;

  constructor(message: string, outputs: Record<string, unknown> = {}, options?: Caused) {
    super(message, options);
    this.outputs = outputs;
  }
}

/** True for a status answer with one of these codes. */
export function hasStatus(error: unknown, ...statuses: number[]): error is StatusError {
  return error instanceof StatusError && statuses.includes(error.status);
}

/** The message of anything that was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/**
 * The same error in other words: a copy, because several waits are told of one failure, and each tells it as its own. An abort's
 * DOMException keeps its message for itself: it becomes the cause.
 */
export function reworded(error: unknown, message: string, alarm?: string): Error {
  const cannotCarryAlarm = alarm !== undefined && !(error instanceof ClusteropsError);
  if (!(error instanceof Error) || error instanceof DOMException || cannotCarryAlarm)
    return new ClusteropsError(message, { cause: error, alarm });
  const text = (value: unknown) => ({ value, writable: true, configurable: true });
  const copy = Object.assign(Object.create(Object.getPrototypeOf(error)), error);
  // What is not enumerable is copied by name: all that an error has would take as long as the request.
  return Object.defineProperties(copy, {
    message: text(message),
    ...("cause" in error && { cause: text(error.cause) }),
    ...(alarm !== undefined && { alarm: text(alarm) }),
    // The stack repeats the message, and with it what the new words may leave out.
    stack: text(error.stack?.replace(error.message, () => message)),
  });
}

/** Where an error struck: enough of a scope to explain it. */
interface FailureContext {
  redact(text: string): string;
  readonly trouble: Error | undefined;
  deadline: { text: string; hasPassed(): boolean };
}

/** What is wrong outside of the program: nothing else says where. */
const outside = /^clusterops[:_]|_proxy$/i;

/**
 * The error as users see it: whose it is, without credentials, and with the time-out named when that was the end. An error may
 * carry an `alarm`, which comes before everything else.
 */
export function describeFailure(
  error: unknown,
  { redact, trouble, deadline }: FailureContext,
  subject: string,
): Error {
  const struck = deadline.hasPassed() && !(error instanceof WaitExpired);
  // A request that the deadline cut short says nothing: what its earlier tries ran into does.
  const cause = struck && !(error instanceof ClusteropsError) ? (trouble ?? error) : error;
  const message = redact(toldOf(cause, { trouble }));
  const said =
    (error instanceof InputError || error instanceof GuardRefusal) && outside.test(error.property)
      ? `${error.property}: ${message}`
      : message;
  const text = struck ? `the timeout of ${deadline.text} ran out: ${said}` : said;
  const alarm = error instanceof ClusteropsError ? error.alarm : undefined;
  return reworded(error, (alarm ? `${alarm}: ` : "") + introduced(withoutUserinfo(subject), text));
}

/** What there is to tell of an error. A signal whose time is up says that it was aborted, and of nobody: what it ended says more. */
export function toldOf(error: unknown, { trouble }: Pick<FailureContext, "trouble">): string {
  const isTimeOut = error instanceof DOMException && error.name === "TimeoutError";
  return isTimeOut ? (trouble?.message ?? "it was not done by then") : messageOf(error);
}

/** "redis node 2" and "node 2 maintenance_on ..." are "redis node 2 maintenance_on ...": nothing is named twice. */
function introduced(subject: string, text: string): string {
  // "tcf cluster1 + cluster2" and "cluster2 cannot be read" are two things: what is said of one must not be read as said of both.
  if (subject.includes(" + ")) return `${subject}: ${text}`;
  const words = subject.split(" ");
  const tails = words.map((_, index) => words.slice(index).join(" "));
  const said = tails.find((tail) => text.startsWith(`${tail} `) || text.startsWith(`${tail}:`));
  return said === undefined ? `${subject}: ${text}` : subject.slice(0, -said.length) + text;
}
