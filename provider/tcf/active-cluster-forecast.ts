import { hasStatus, messageOf } from "../core/errors.ts";
import { recalling } from "../core/http.ts";
import type { Failure } from "../core/inputs.ts";
import { pause } from "../core/pause.ts";
import type { Forecast } from "../core/resource.ts";
import type { Scope } from "../core/scope.ts";
import type { ActiveClusterInputs } from "./active-cluster.ts";
import {
  describe,
  describeMisplaced,
  type Federation,
  is,
  isSettled,
  lookAtBoth,
  misplaced,
  type Side,
  sidesOf,
} from "./federation.ts";
import { describeSteps, pairOf, stepsTowards } from "./steps.ts";

/** What a preview says: the calls to come, what is in the way, and what will be surprising. From reads only. */
export async function forecastFailover(
  scope: Scope,
  inputs: ActiveClusterInputs,
  recorded: Partial<ActiveClusterInputs> | undefined,
): Promise<Forecast> {
  const sides = sidesOf(scope, inputs.clusters);
  const federation = await lookOnce(scope, sides);
  const refusals = [...refusedSides(federation), ...misplacedSides(federation)];
  if (refusals.length > 0) return { refusals };
  const { target, other } = pairOf(federation, inputs.active);
  const warnings = federation.flatMap(({ id, side, trouble }) => {
    if (!trouble) return [];
    const goesOn = side === other.side && inputs.force;
    const consequence = goesOn
      ? ""
      : side === other.side
        ? "; without force: true this will fail"
        : "; this will fail";
    return [`${id} cannot be read (clusters.${side.key}): ${messageOf(trouble)}${consequence}`];
  });
  if (inputs.connection !== undefined)
    warnings.push("connection is not used: clusters says how each cluster is reached");
  if (target.trouble || (other.trouble && !inputs.force)) return { warnings };
  if (!isSettled(target) || !(other.trouble || isSettled(other))) {
    warnings.push(
      `the federation is changing (${describe(federation)}): it is waited for, then seen what is to be done`,
    );
    return { warnings };
  }
  const steps = stepsTowards(inputs, target, other);
  if (steps.length === 0) {
    if (recorded?.active !== inputs.active)
      warnings.push(`${target.id} is active already: nothing will be sent`);
    return { warnings };
  }
  if (is(target, "passive") && is(other, "passive"))
    warnings.push(`both clusters are passive: promoting ${target.id} ends that`);
  return { plan: describeSteps(steps, other), warnings };
}

async function lookOnce(scope: Scope, sides: [Side, Side]): Promise<Federation> {
  const options = { signal: scope.signal, patience: "once" } as const;
  const shared = sides.map((side) => ({ ...side, http: recalling(side.http) })) as [Side, Side];
  const seen = await lookAtBoth(shared, options, { own: true });
  if (!misplaced(seen)) return seen;
  // Two reads may have met a switch between them: only what stays so is a mistake in the configuration.
  await pause(1_000, scope.signal);
  return lookAtBoth(sides, options, { own: true });
}

/** Missing rights will not come by waiting. */
function refusedSides(federation: Federation): Failure[] {
  return federation
    .filter(({ trouble }) => hasStatus(trouble, 401, 403))
    .map(({ side, trouble }) => ({ property: `clusters.${side.key}`, reason: messageOf(trouble) }));
}

function misplacedSides(federation: Federation): Failure[] {
  const wrong = misplaced(federation);
  return wrong ? [{ property: `clusters.${wrong.side.key}`, reason: describeMisplaced(wrong) }] : [];
}
