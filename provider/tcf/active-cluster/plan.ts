import { advice } from "../../core/data/advice.ts";
import { clock } from "../../core/data/clock.ts";
import { hasStatus, messageOf } from "../../core/data/errors.ts";
import type { Failure } from "../../core/data/inputs.ts";
import { memberPath } from "../../core/data/inputs.ts";
import type { Forecast } from "../../core/lifecycle/resource.ts";
import type { Scope } from "../../core/work/scope.ts";
import { describe, type Federation, hasNoActive, isSettled, listLag, type Side } from "../federation.ts";
import { UnclearIds } from "../identity.ts";
import { type Closeness, closely, type Known, lookAtBoth, recallingBoth, sidesOf } from "../look.ts";
import type { ActiveClusterInputs } from "./inputs.ts";
import { wrongPlace } from "./readiness.ts";
import { describeSteps, pairOf, stepsTowards } from "./steps.ts";

/** What a preview says: the calls to come, what is in the way, and what will be surprising. From reads only. */
export async function forecastFailover(
  scope: Scope,
  inputs: ActiveClusterInputs,
  recorded: Partial<ActiveClusterInputs> | undefined,
  { isUpdate }: { isUpdate: boolean },
): Promise<Forecast> {
  const sides = sidesOf(scope, inputs.clusters);
  const federation = await lookOnce(scope, sides, isUpdate ? {} : closely).catch((error) => {
    // A resource that is there knows the names from when both sides could be read; what is recorded, an `up` sees.
    if (error instanceof UnclearIds && error.isSideMissing && recorded) return error.message;
    throw error;
  });
  if (typeof federation === "string")
    return {
      warnings: [`${federation}; unless an earlier ${advice.up} has recorded them, this will fail`],
      isBlocked: "clusters",
    };
  const refusals = refusedSides(federation);
  if (refusals.length > 0) return { refusals };
  const wrong = wrongPlace(federation);
  if (wrong) throw wrong;
  const { target, other } = pairOf(federation, inputs.active);
  const warnings = federation.flatMap(({ name, side, trouble }) => {
    if (!trouble) return [];
    const goesOn = side === other.side && inputs.force;
    const consequence = goesOn
      ? ""
      : side === other.side
        ? "; without force: true this will fail"
        : "; this will fail";
    return [
      `${name} cannot be read (${memberPath("clusters", side.key)}): ${messageOf(trouble)}${consequence}`,
    ];
  });
  if (inputs.connection !== undefined)
    warnings.push("connection is not used: clusters says how each cluster is reached");
  if (target.trouble || (other.trouble && !inputs.force)) return { warnings, isBlocked: "clusters" };
  if (!isSettled(target) || !(other.trouble || isSettled(other))) {
    warnings.push(
      `the federation is changing (${describe(federation)}): it is waited for, then seen what is to be done`,
    );
    return { warnings, isBlocked: "clusters" };
  }
  const steps = stepsTowards(inputs, target, other);
  if (steps.length === 0) {
    if (recorded?.active !== inputs.active)
      warnings.push(`${target.name} is active already: nothing will be sent`);
    return { warnings };
  }
  if (hasNoActive(federation)) warnings.push(`both clusters are passive: promoting ${target.name} ends that`);
  return { plan: describeSteps(steps, other), warnings, isGuarded: !hasNoActive(federation) };
}

/** @param closeness of an update's plan: the lists, since the operation itself asks the clusters, too */
async function lookOnce(scope: Scope, sides: [Side, Side], closeness: Closeness): Promise<Federation> {
  const options = { signal: scope.signal, patience: "once" } as const;
  const known: Known = { recorded: new Map() };
  let seen = await lookAtBoth(recallingBoth(sides), options, known, closeness);
  // Lists may lag behind a switch: only what stays so is a mistake in the configuration.
  for (let looks = 0; wrongPlace(seen) && looks * 1_000 < listLag; looks++) {
    await clock.pause(1_000, scope.signal);
    seen = await lookAtBoth(sides, options, known, closeness);
  }
  return seen;
}

/** Missing rights will not come by waiting. */
function refusedSides(federation: Federation): Failure[] {
  return federation
    .filter(({ trouble }) => hasStatus(trouble, 401, 403))
    .map(({ side, trouble }) => ({ property: memberPath("clusters", side.key), reason: messageOf(trouble) }));
}
