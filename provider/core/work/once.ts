import { type Activity, asPart } from "../data/activity.ts";
import { clock } from "../data/clock.ts";
import { DecideAnew, messageOf, RequestError, StatusError, TokenError } from "../data/errors.ts";
import type { Effects } from "../http/call.ts";
import { isPassing } from "../http/http.ts";
import { Permit } from "../http/permit.ts";
import { retryPause } from "../http/retry-pause.ts";
import { judged } from "./before-first.ts";
import type { Evidence } from "./evidence.ts";
import { isTwin, type LateEffect, remaining } from "./late-effects.ts";
import type { LookOptions } from "./poller.ts";
import type { Kept, Scope } from "./scope.ts";
import { anyPending, forgetLate, noteLate, oppositePending, type Target } from "./target.ts";
import { interval, waitFor } from "./wait.ts";

/** A mutating request, and all that has to be known to send it once. */
export interface Request<T> extends Effects {
  /** In a few words, for messages and progress: `promote dc-east`. */
  what: string;
  target: Target;
  /** Sends it, and does nothing else: what fails in here is taken for the request's own failure. */
  send(permit: Permit): Promise<T>;
  /**
   * Reads back, after an answer that leaves it open, whether the request was carried out. Open: it is looked at again; where no
   * further look can tell, it throws. Absent where nothing can be read: then a harmless request is repeated, and the doubt about
   * another one is thrown.
   *
   * @param doubt what came in place of an answer
   * @param options for its reads: what they run into is then told where the time runs out
   */
  readBack?(doubt: unknown, options: LookOptions): Promise<Evidence<T>>;
  /** Recorded before it is sent, and taken back where provably nothing was done. */
  keeps?: Pick<Kept, "handle"> & Partial<Kept>;
  /** It gives back what was taken away, or heals: nobody wants that to wait for a window. */
  restores?: boolean;
}

/**
 * Conflict, Too Early, Too Many Requests: by their meaning nothing was done. But something on the way may have sent the request
 * twice and hand on the answer to the second, so it costs a look before it is believed.
 */
const turnedAway: readonly number[] = [409, 425, 429];
/** For so many milliseconds a gateway's "not found" is not believed: while what is behind it changes, it may know no way there. */
const claim = 10_000;
/** The longest wait that a server may ask for where something is down until then, in milliseconds. */
const soonest = 5_000;
/** Time for an effect to become visible before its absence counts, in milliseconds. */
const visibleWithin = 750;
/** From one look to the next for a request of which each one counts, in milliseconds. */
const unhurried = 500;
/** From one look to the next while a request is held back, in milliseconds. */
const longestHold = 2_500;

/**
 * One effect per intent (provider/README.md, rule 2). A clear answer is passed on. What provably never left, or was turned away, may be
 * sent again. After a doubt the system is read back: an effect that is there counts as the answer; a harmless request may be sent again
 * on a fresh look; any other one only where the effect is provably absent and can no longer come.
 *
 * "May be sent again" is never "is": whoever decided to send it looks and decides anew (`deciding`), until the deadline.
 *
 * @throws DecideAnew where it may be sent again, or what the decision rests on is too old
 */
export async function once<T>(scope: Scope, request: Request<T>): Promise<T> {
  await letEarlierPass(scope, request);
  scope.requests.decided();
  await judged(scope, request);
  return asPart(scope.activity, "step", request.what, (step) => sendOnce(scope, request, step));
}

async function sendOnce<T>(scope: Scope, request: Request<T>, step: Activity | undefined): Promise<T> {
  const { requests } = scope;
  const { keeps } = request;
  const keepsNot = keeps && scope.keep(keeps.handle, keeps.outputs);
  const takeBack = () => {
    scope.requests.countsNot(request);
    keepsNot?.();
  };
  for (let tries = 0; ; tries++) {
    const permit = Permit.issue(request.readBack && scope.knowledge, step, requests.lookTimes);
    const twins = twinsOf(scope, request.target);
    requests.counts(request);
    try {
      const answer = await request.send(permit);
      requests.left();
      return answer;
    } catch (error) {
      const outcome = outcomeOf(error, scope, request);
      // Cut off while a token was fetched, or a connection made: nothing has left.
      const neverLeft = outcome === "cut off" && !permit.isUsed;
      if (permit.isUsed) requests.left();
      if (outcome === "refused" || error instanceof DecideAnew || neverLeft) {
        takeBack();
        throw error;
      }
      if (outcome === "cut off") {
        noteLate(scope, request, true);
        throw error;
      }
      scope.noteTrouble(error as Error);
      const late = outcome === "open" ? noteLate(scope, request, isLate(error)) : undefined;
      const again = () =>
        new DecideAnew(messageOf(error), { cause: error, retryAfter: retryAfterOf(error, request) });
      if (request.readBack) {
        if (outcome === "unsent" && !isTurnedAway(error)) {
          takeBack();
          throw again();
        }
        let wasAbsent = false;
        const found = await lookBack(scope, request, error, {
          late,
          seen: (isAbsent) => (wasAbsent = isAbsent),
        }).catch((trouble: unknown) => {
          // Where no look comes, what turned it away is not believed either: it stays on record.
          if (outcome === "unsent" && wasAbsent) takeBack();
          throw trouble;
        });
        if ("landed" in found) {
          // Of two whose answers were lost the other one may have been seen: either may yet land.
          const isOwn = !found.isOthers && !twins.some((twin) => scope.late.includes(twin));
          if (late && isOwn) forgetLate(scope, request.target, [late]);
          return found.landed;
        }
        if (request.repeat === "never" || outcome === "unsent") takeBack();
        // Of a conflict the caller knows more: it may be the very same job, or somebody else's.
        throw isConflict(error) ? error : again();
      }
      if (isConflict(error) || (outcome === "open" && request.repeat === "never")) throw error;
      if (outcome === "unsent") takeBack();
      await clock.pause(retryPause(tries, retryAfterOf(error, request)), scope.signal);
      if (keeps) scope.keep(keeps.handle, keeps.outputs);
    }
  }
}

/**
 * What is known of a request that brought no good answer: it was `refused`, for good; it was `unsent` or turned away, and the next try
 * may fare better; it is `open` whether it was carried out; or the operation was cancelled, or out of time, and cut it off.
 */
type Outcome = "refused" | "unsent" | "open" | "cut off";

function outcomeOf<T>(error: unknown, { signal, requests }: Scope, request: Request<T>): Outcome {
  if (error instanceof DecideAnew) return "unsent";
  if (!(error instanceof RequestError)) return signal.aborted ? "cut off" : "refused";
  if (error.effect !== "no") return "open";
  if (isTurnedAway(error) || isPassing(error)) return "unsent";
  // What it rests on was read the same way a moment ago, with a token of the same endpoint.
  const answer = error instanceof TokenError ? error.cause : error;
  const isClaim =
    request.readBack && answer instanceof StatusError && answer.status === 404 && answer.isOnTheWay;
  return isClaim && requests.missingFor(request.what) < claim ? "unsent" : "refused";
}

function isTurnedAway(error: unknown): boolean {
  return error instanceof StatusError && turnedAway.includes(error.status);
}

function isConflict(error: unknown): boolean {
  return error instanceof StatusError && error.status === 409;
}

function isLate(error: unknown): boolean {
  return error instanceof RequestError && error.effect === "late";
}

/** How long the server asks to wait. Where something is down until the request comes through, that is not a minute. */
function retryAfterOf(error: unknown, { restores }: Pick<Request<unknown>, "restores">): number | undefined {
  if (!(error instanceof RequestError) || error.retryAfter === undefined) return undefined;
  return restores ? Math.min(error.retryAfter, soonest) : error.retryAfter;
}

/** Other requests for the same that may yet take effect. */
function twinsOf({ late: all }: Scope, target: Target): LateEffect[] {
  return all.filter((it) => isTwin(it, target) && remaining(it) > 0);
}

/** Reads back until it is known what became of the request. */
function lookBack<T>(
  scope: Scope,
  { what, repeat, readBack }: Request<T>,
  doubt: unknown,
  { late, seen }: { late: LateEffect | undefined; seen: (isAbsent: boolean) => void },
): Promise<Evidence<T>> {
  const began = clock.elapsed();
  const mayStillCome = () =>
    repeat === "never" && late ? remaining(late) > 0 : clock.elapsed() - began < visibleWithin;
  // A look tells what was so when it began: what it did not find may have come while its answer was on the way.
  let mightComeAfter = true;
  return waitFor<Evidence<T>, Evidence<T>>(scope, {
    what: `whether ${what} was carried out`,
    where: endpointOf(doubt),
    look(options) {
      mightComeAfter = mayStillCome();
      return (readBack as NonNullable<typeof readBack>)(doubt, options);
    },
    // A server that fails one request after the other is not looked at from the shortest pace on each time. And where each one
    // counts, a look reads up to ten things, and what may be repeated has to wait anyway.
    pace: () => {
      const usual = interval(scope.requests.inDoubtFor(), clock.random());
      return repeat === "never" ? Math.max(usual, unhurried) : usual;
    },
    judge(found) {
      if ("landed" in found) return { done: found };
      seen("absent" in found);
      if ("open" in found) return { pending: found.open };
      return mightComeAfter ? { pending: "not to be seen yet" } : { done: found };
    },
  });
}

function endpointOf(doubt: unknown): string | undefined {
  return doubt instanceof RequestError ? doubt.url : undefined;
}

/**
 * Nothing is sent before no opposite call can take effect on the same object any more and, where each one counts, no earlier one of the
 * same. It is decided anew meanwhile: what was to come may be seen before its time is over.
 */
async function letEarlierPass<T>(
  scope: Scope,
  { what, target, repeat, readBack }: Request<T>,
): Promise<void> {
  await letPass(scope, what, repeat === "never" && readBack ? anyPending(target) : oppositePending(target));
}

/**
 * Holds back what may not be sent while an earlier call may yet take effect.
 *
 * @param wait for how long it may, in milliseconds
 * @throws DecideAnew after some of it
 */
export async function letPass(scope: Scope, what: string, wait: number): Promise<void> {
  if (wait === 0) return;
  scope.progress(
    `${what}: waits ${Math.ceil(wait / 1_000)}s, since an earlier call whose answer was lost may yet take effect`,
  );
  await clock.pause(Math.min(wait, longestHold), scope.signal);
  throw new DecideAnew(`${what} was held back while an earlier call could still take effect`, {
    isDue: true,
  });
}
