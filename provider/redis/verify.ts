import { clock } from "../core/data/clock.ts";
import { formatDuration } from "../core/data/duration.ts";
import { RunFailed } from "../core/data/errors.ts";
import { asString } from "../core/data/values.ts";
import type { CallOptions } from "../core/http/http.ts";
import type { Scope } from "../core/work/scope.ts";
import { interval, waitFor } from "../core/work/wait.ts";

/** What a node reports may lag behind the end of an action. Settable, so that a test of what stays amiss need not wait as long. */
export const reportLag = { milliseconds: 10_000 };

/** From one look to the next, at least, in milliseconds: nearly always the first one shows it, and each takes up to ten requests. */
const betweenLooks = 500;

/** What an action promises: `completed` is history, not state. */
export interface Promised<T, R extends T> {
  /** What is to be seen, e.g. `node 2 out of maintenance`. */
  what: string;
  look(options: CallOptions): Promise<T>;
  isSo(seen: T): seen is R;
  /** What is seen instead, for people. */
  describe(seen: T): string;
  /** What a person can do about it. */
  advice?(seen: T): string;
  /** What is worth recording of it. */
  outputs?(seen: T): Record<string, unknown>;
}

/**
 * Reads the system until it is what was promised.
 *
 * @throws RunFailed when it still is not after the time that its reports may lag
 */
export async function verify<T, R extends T>(scope: Scope, promised: Promised<T, R>): Promise<R> {
  const longest = longestLag(scope);
  const seen = await settled(scope, promised);
  if (promised.isSo(seen)) return seen;
  const where = `${formatDuration(longest)}, ${scope.http.connection.endpoints[0]}`;
  const advice = promised.advice?.(seen);
  throw new RunFailed(
    `not seen: ${promised.what}; instead ${promised.describe(seen)} (looked for ${where})${advice ? `; ${advice}` : ""}`,
    promised.outputs?.(seen),
  );
}

/** What is seen once it is as promised, or once reports no longer lag. */
export function settled<T, R extends T>(scope: Scope, promised: Promised<T, R>): Promise<T> {
  const { what, look, isSo, describe } = promised;
  const began = clock.elapsed();
  const longest = longestLag(scope);
  const isLate = () => clock.elapsed() - began > longest;
  return waitFor<T, T>(scope, {
    what,
    // What was asked for, and what is seen of it now.
    task: () => asString(scope.kept?.outputs.taskId),
    look: (how) => look({ ...how, patience: "patient" }),
    pace: () => Math.max(betweenLooks, interval(clock.elapsed() - began, clock.random())),
    judge: (seen) => (isSo(seen) || isLate() ? { done: seen } : { pending: describe(seen) }),
  });
}

/**
 * How long reports are given. An operation with no more time than they may lag has to come to a conclusion, too, or none of the following
 * ones would, however little its user gives them all; one that has hardly any left of its own leaves it to the next.
 */
function longestLag({ deadline }: Scope): number {
  const left = deadline.remaining();
  const [whole, half] = [reportLag.milliseconds, reportLag.milliseconds / 2];
  if (left > whole * 1.1) return whole;
  const isShort = left < half * 1.1 && left > deadline.total / 4;
  return isShort ? left * 0.8 : half;
}

/** Whether it is so at this moment. */
export async function isSoNow<T, R extends T>(
  scope: Scope,
  { look, isSo }: Promised<T, R>,
): Promise<boolean> {
  return isSo(await look({ signal: scope.signal }));
}

/**
 * Lets an action pass that is said to have ended badly although all that it promised is so: the cluster has called tasks
 * `aborted` whose leader was demoted meanwhile (RS137337).
 *
 * @throws the error itself in any other case
 */
export async function unlessSo<T, R extends T>(
  scope: Scope,
  error: unknown,
  promised: Promised<T, R>,
): Promise<undefined> {
  if (!(error instanceof RunFailed) || !(await isSoNow(scope, promised))) throw error;
  scope.warn(`the action ended ${error.outputs.status}, yet what it is for has been done: ${promised.what}`);
  return undefined;
}
