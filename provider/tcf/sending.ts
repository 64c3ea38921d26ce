import { clock } from "../core/data/clock.ts";
import {
  ClusteropsError,
  DecideAnew,
  GuardRefusal,
  hasStatus,
  messageOf,
  RedirectError,
  RequestError,
  reworded,
  StaleLook,
  StatusError,
} from "../core/data/errors.ts";
import { isRefused } from "../core/http/http.ts";
import type { Permit } from "../core/http/permit.ts";
import { anyOfEndpoints } from "../core/http/silences.ts";
import type { Evidence } from "../core/work/evidence.ts";
import type { Way } from "../core/work/installation.ts";
import { once } from "../core/work/once.ts";
import type { Scope } from "../core/work/scope.ts";
import { expectLate, forgetLate } from "../core/work/target.ts";
import { demote, effects, promote, TcfError, toggle } from "./client.ts";
import { type Direction, roleOf } from "./late.ts";

const calls = { demote, promote, toggle };
export type CallName = keyof typeof calls;

/** What is kept of a call before it is sent. */
export interface SentCall {
  call: CallName;
  /** Name of the cluster that gets it, or what its user calls it. */
  on: string;
  /** Name of the cluster that was active before. */
  from?: string;
  /** ISO time. */
  sentAt: string;
}

/** What one look says of a call. */
export interface Trace {
  /** Whether an effect is to be seen. */
  hasChanged: boolean;
  /** Whether more is to be seen than the call does: somebody else has acted, and it may yet be carried out. */
  isOthers?: boolean;
  /** Whether the cluster that was asked answers at all: only then is an effect that is not seen an absent one. */
  isReadable: boolean;
}

export interface Sending {
  call: CallName;
  on: string;
  from?: string;
  /** The way to the cluster that gets it. */
  way: Way;
  towards: Direction;
  /** What is known to show while it is under way. */
  outputs?: object;
  look(): Promise<Trace>;
  tries: Tries;
  /** It ends that no cluster is active; see `Request` of core/work/once.ts. */
  restores?: boolean;
  /** Told of a call without an answer that may still take effect. @param landed to be called when the effect was seen */
  onOpen?(landed: () => void): void;
}

/** A call that was answered, or whose effect was seen. */
export interface Sent {
  /** Whether the worker itself said that it was carried out. */
  isAnswered: boolean;
  /** Its effect has been seen: nothing of it is to come any more. */
  landed(): void;
}

/** The worker itself said why it did not do it, and nothing has changed: it is not asked again before the next operation. */
class WorkerRefusal extends ClusteropsError {}

/** The operation ended before the call had left. */
class NeverSent extends ClusteropsError {}

/** Whether a call that failed like this may have been carried out, or may still be. */
export function mayHaveLanded(error: unknown): boolean {
  if ([WorkerRefusal, NeverSent, GuardRefusal].some((kind) => error instanceof kind)) return false;
  const cause = error instanceof DecideAnew ? error.cause : error;
  if (cause instanceof RequestError) return cause.effect !== "no";
  return !(error instanceof DecideAnew);
}

/** What is remembered of a call from one try to the next. */
export interface Tries {
  /** Since when it is answered with what no worker answers, e.g. 404, on the clock of `clock.elapsed()`. */
  missingSince?: number;
  /** What the last one that left brought in place of a good answer. */
  failure?: Error;
}

/** For so many milliseconds such an answer is taken for a gateway's: the worker has the path, and the login held a moment ago. */
const claim = 10_000;

/** Time for an effect to become visible although the worker said that there is none, in milliseconds. */
const visibleWithin = 750;

/**
 * Sends one switching call, and keeps it before. `once` reads back what a doubtful answer means: promote and demote are sent again on
 * a fresh look, since a second one does no more than the first; a toggle only when it never left, or was turned away.
 *
 * @throws DecideAnew where it may be sent again
 */
export async function send(scope: Scope, sending: Sending): Promise<Sent> {
  const { call, on, from, way, outputs, restores } = sending;
  const sentAt = new Date(clock.now()).toISOString();
  const target = roleOf(call, sending.towards, sentAt);
  const handle: SentCall = { call, on, from, sentAt };
  let permit: Permit | undefined;
  const before = [...scope.late];
  scope.progress(`${call} ${on}`, { step: true });
  try {
    const isAnswered = await once<boolean>(scope, {
      what: `${call} ${on}`,
      target,
      ...effects[call],
      keeps: { handle: { ...handle }, outputs: { ...outputs } },
      restores,
      send: (issued) => {
        permit = issued;
        return calls[call](way, issued, { signal: scope.signal }).then(
          () => true,
          (error) => {
            if (issued.isUsed && error instanceof RequestError) sending.tries.failure = error;
            return confirmed(scope, sending, error);
          },
        );
      },
      readBack: async () => evidenceOf(on, await sending.look()),
    });
    return { isAnswered, landed: expectLate(scope, { target, ...effects[call] }).settle };
  } catch (error) {
    const open = scope.late.filter((late) => !before.includes(late));
    if (open.length > 0) sending.onOpen?.(() => forgetLate(scope, target, open));
    const text = messageOf(error);
    if (error instanceof GuardRefusal) throw error;
    // A token was fetched, or a connection made: nothing has left.
    if (scope.signal.aborted && !permit?.isUsed)
      throw new NeverSent(`${call} ${on} was not sent: ${text}`, { cause: error });
    if (text.startsWith(`${call} ${on}`)) throw error;
    throw reworded(error, `${call} ${on}${ending(scope, error, sending)}`);
  }
}

/** What became of a call that was sent. A cancel, or the end of the time, says nothing of it: it may be carried out all the same. */
function ending({ signal, deadline }: Scope, error: unknown, { way, tries: { failure } }: Sending): string {
  if (error instanceof StaleLook) return `: ${error.message}`;
  if (!signal.aborted) return ` failed: ${messageOf(error)}`;
  if (!deadline.hasPassed()) return ` was sent, then ${messageOf(error)}`;
  const within = `within the timeout of ${deadline.text}`;
  return failure === undefined
    ? ` was sent, and no answer came from ${anyOfEndpoints(way)} ${within}`
    : ` was sent, and no good answer came ${within}: ${failure.message}`;
}

/**
 * That nothing was done is what any of these says. 401 and 403 are the worker's, or of a login that something on the way asks for: as long as no
 * cluster is active that may be a login that is just being restarted. What turns the worker away has an end of its own (once.ts).
 */
function isGateways(error: unknown, restores: boolean | undefined): error is RequestError {
  if (error instanceof RedirectError) return error.effect === "no";
  const final = restores ? [409] : [401, 403, 409];
  // With a 200 there is an answer, whatever it says.
  return (
    error instanceof StatusError && error.status >= 300 && isRefused(error) && !hasStatus(error, ...final)
  );
}

function evidenceOf(on: string, { hasChanged, isOthers, isReadable }: Trace): Evidence<boolean> {
  if (hasChanged) return { landed: false, isOthers };
  return isReadable ? { absent: true } : { open: `${on} cannot be read` };
}

/**
 * What an error of the worker's own, `500 {"error"}`, comes to: it is taken at its word once nothing is seen to have changed. The page
 * knows no other status for a failure, whatever the reason, so that it is no proof by itself.
 */
async function confirmed(scope: Scope, { look, tries, restores }: Sending, error: unknown): Promise<false> {
  if (isGateways(error, restores)) {
    tries.missingSince ??= clock.elapsed();
    if (clock.elapsed() - tries.missingSince < claim)
      throw new DecideAnew(error.message, { cause: error, retryAfter: error.retryAfter });
  }
  if (!(error instanceof TcfError)) throw error;
  const began = clock.elapsed();
  for (;;) {
    await clock.pause(visibleWithin / 3, scope.signal);
    const { hasChanged, isReadable } = await look();
    if (hasChanged) return false;
    if (!isReadable) throw error;
    if (clock.elapsed() - began >= visibleWithin) throw new WorkerRefusal(error.message, { cause: error });
  }
}
