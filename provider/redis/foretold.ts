import { clock } from "../core/data/clock.ts";
import type { Forecast } from "../core/lifecycle/resource.ts";
import type { Scope } from "../core/work/scope.ts";

/*
 * A plan, which an `up` makes too, warns of what is risky; the operation that follows repeats only what its plan has not said: because
 * there was none (what is resumed has not changed), or since it found out only then.
 */

interface Saying {
  saidAt: number;
  /** The operation that took it as said; told by the list of its waits, of which each operation has one. */
  takenBy?: object;
}

/** Milliseconds from a plan to its operation, at most. */
const countsFor = 60_000;

function sayings({ http }: Scope): Map<string, Saying> {
  return http.installation.note("said by plans", () => new Map<string, Saying>());
}

/** A plan, of which is remembered what it said. */
export function remembered<A extends unknown[]>(
  plan: (scope: Scope, ...rest: A) => Promise<Forecast>,
): (scope: Scope, ...rest: A) => Promise<Forecast> {
  return async (scope, ...rest) => {
    const forecast = await plan(scope, ...rest);
    for (const warning of forecast.warnings ?? []) sayings(scope).set(warning, { saidAt: clock.elapsed() });
    return forecast;
  };
}

/** Warns of a risk, unless the plan of this very operation has done so. */
export function warnOfRisk(scope: Scope, message: string): void {
  const saying = sayings(scope).get(message);
  const isFresh = saying && clock.elapsed() - saying.saidAt < countsFor;
  if (saying && isFresh && (saying.takenBy ?? scope.waits) === scope.waits) saying.takenBy = scope.waits;
  else scope.warn(message);
}
