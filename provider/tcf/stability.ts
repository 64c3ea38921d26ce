import { clock } from "../core/data/clock.ts";
import { formatDuration, parseDuration } from "../core/data/duration.ts";
import { InputError } from "../core/data/errors.ts";
import type { Failure } from "../core/data/inputs.ts";
import type { CallOptions } from "../core/http/http.ts";
import type { Scope } from "../core/work/scope.ts";
import { waitFor } from "../core/work/wait.ts";
import { listLag } from "./federation.ts";
import { TakenBackError } from "./taken-back.ts";

/*
 * A switch that was seen may be taken back some seconds later: the vendor's recorded stand (health_check_delay 2,
 * max_suspect_counts 3) swaps the roles back while all endpoints still answer. So a switch of ours counts once it has stood.
 */

/** More than health_check_delay x max_suspect_counts of the recorded stand: 6 s. */
const usual = 10_000;
/** One look at both sides a second: enough to see a take-back, and 2 reads. */
const pace = 1_000;
/** One stale answer is no take-back: what looks like one is looked at again after so many milliseconds. */
export const confirmation = 300;

export interface StabilityTimes {
  stableFor?: string | number;
  timeout?: string | number;
}

/** Milliseconds for which a switch has to have stood. */
export function stableTime({ stableFor, timeout }: StabilityTimes, standard: string): number {
  if (stableFor !== undefined) return parseDuration(stableFor, "stableFor", { zero: true });
  return Math.min(usual, parseDuration(timeout ?? standard, "timeout") / 3);
}

/** What is wrong with `stableFor`. */
export function checkStableFor(inputs: StabilityTimes, standard: string): Failure[] {
  const { stableFor, timeout } = inputs;
  if (stableFor === undefined) return [];
  try {
    if (stableTime(inputs, standard) < parseDuration(timeout ?? standard, "timeout")) return [];
    const limit =
      timeout === undefined ? `the default timeout of ${standard}` : `timeout ${JSON.stringify(timeout)}`;
    return [
      {
        property: "stableFor",
        reason: `${JSON.stringify(stableFor)} is not shorter than ${limit}, so that it could never be seen`,
      },
    ];
  } catch (error) {
    if (error instanceof InputError) return [{ property: error.property, reason: error.message }];
    throw error;
  }
}

/** One look while a switch has to stand: it does, it was undone, or nothing can be said. */
export type StableLook<T> =
  | { stands: T; seen: string }
  /** @param how what happened, where it is not simply undone */
  | { undone: string; how?: string }
  | { unclear: string };

/**
 * Looks until what was reached has stood for `time` milliseconds, counted from the first look that shows it.
 *
 * @param done what was done, e.g. `the switch to cluster2`
 * @throws TakenBackError when it is seen to be undone
 */
export function awaitStable<T>(
  scope: Scope,
  {
    done,
    where,
    time,
    look,
  }: {
    done: string;
    where: string | undefined;
    time: number;
    look(options: CallOptions): Promise<StableLook<T>>;
  },
): Promise<T> {
  const began = clock.elapsed();
  let since: number | undefined;
  let unclearSince: number | undefined;
  // A look tells what was so when it began: its answer may be on the way for as long as a request may take.
  let lookedAt = began;
  const left = (at: number) => (since === undefined ? pace : since + time - at);
  return waitFor<StableLook<T>, T>(scope, {
    what: `${done} to stand for ${formatDuration(time)}`,
    where,
    // Once it should have stood, and cannot be read just then, it is looked at no more often than before.
    pace: () => {
      const rest = left(clock.elapsed());
      return rest > 0 ? Math.max(1, Math.min(pace, rest)) : pace;
    },
    look(options) {
      lookedAt = clock.elapsed();
      return look(options);
    },
    judge(seen) {
      if ("undone" in seen) {
        const after = formatDuration(clock.elapsed() - began);
        throw new TakenBackError(`${done} was carried out, seen for up to ${after},`, seen.undone, seen.how);
      }
      if ("unclear" in seen) {
        unclearSince ??= clock.elapsed();
        // A look that fails says nothing; several in a row may hide anything.
        if (clock.elapsed() - unclearSince > listLag) since = undefined;
        return { pending: seen.unclear };
      }
      unclearSince = undefined;
      since ??= clock.elapsed();
      return left(lookedAt) <= 0 ? { done: seen.stands } : { pending: seen.seen };
    },
  });
}
