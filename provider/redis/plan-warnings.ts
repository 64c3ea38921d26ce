import { clock } from "../core/data/clock.ts";
import type { Forecast } from "../core/lifecycle/resource.ts";
import type { Scope } from "../core/work/scope.ts";

/*
 * A plan, which an `up` makes too, warns of what is risky; the operation that follows repeats only what its plan has not said: because
 * there was none (what is resumed has not changed), or since it found out only then.
 */

interface PlanWarning {
  saidAt: number;
  /** The operation that took it as said. */
  takenBy?: object;
}

/** Milliseconds from a plan to its operation, at most. */
const countsFor = 60_000;

function warningsOf({ http }: Scope): Map<string, PlanWarning> {
  return http.installation.note("warnings of plans", () => new Map<string, PlanWarning>());
}

function isFresh({ saidAt }: PlanWarning): boolean {
  return clock.elapsed() - saidAt < countsFor;
}

/** The same plan, whose warnings are remembered for the operation that follows it. */
export function rememberWarnings<A extends unknown[]>(
  plan: (scope: Scope, ...rest: A) => Promise<Forecast>,
): (scope: Scope, ...rest: A) => Promise<Forecast> {
  return async (scope, ...rest) => {
    const forecast = await plan(scope, ...rest);
    const known = warningsOf(scope);
    // The oldest come first: a preview of a thousand resources does not go through those of all the others for each.
    for (const [warning, each] of known) {
      if (isFresh(each)) break;
      known.delete(warning);
    }
    for (const warning of forecast.warnings ?? []) {
      known.delete(warning);
      known.set(warning, { saidAt: clock.elapsed() });
    }
    return forecast;
  };
}

/** Warns of a risk, unless the plan of this very operation has done so. */
export function warnOfRisk(scope: Scope, message: string): void {
  const known = warningsOf(scope).get(message);
  const { operation } = scope;
  if (known && isFresh(known) && (known.takenBy ?? operation) === operation) known.takenBy = operation;
  else scope.warn(message);
}
