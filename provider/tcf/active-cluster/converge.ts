import { messageOf } from "../../core/errors.ts";
import type { Scope } from "../../core/scope.ts";
import { describe, type Federation, is, isSettled, type Member } from "../federation.ts";
import { lookAtBoth, withClusters } from "../look.ts";
import { type Stand, stableTime, stand } from "../standing.ts";
import { keepTakenBack, recordedSwitch, takenBackRefusal } from "../taken-back.ts";
import { type Attempt, type Course, lead, refuseUnreadable } from "./failover.ts";
import { type ActiveClusterInputs, type Recorded, timeout } from "./inputs.ts";
import { rescued } from "./rescue.ts";
import { pairOf } from "./steps.ts";

export interface Reached {
  federation: Federation;
  /** The cluster that was active before this operation switched. */
  from?: Member;
}

/** Fails over where that is needed, and sees it stand. */
export function failOver(
  scope: Scope,
  inputs: ActiveClusterInputs,
  observed: Federation,
  recorded: Recorded,
  outputs: Attempt["outputs"],
): Promise<Reached> {
  refuseUnreadable(observed, inputs);
  const last = recordedSwitch(recorded);
  const https = observed.map(({ side }) => side.http);
  return withClusters(https, scope.signal, async () => {
    const course: Course = { taken: new Set(), hasDemoted: false };
    const forbid: Attempt["forbid"] = (other) => {
      // A federation without an active cluster is healed whatever was before.
      if (!is(other, "active")) return undefined;
      const isOther = isOtherWish(inputs, observed, recorded);
      return takenBackRefusal(scope, recorded, { property: "active", isOther });
    };
    const attempt: Attempt = { last, forbid, outputs };
    try {
      const reached = await lead(scope, inputs, observed, attempt, course);
      course.hasDemoted = false;
      const { other } = pairOf(reached, inputs.active);
      warnOfSilence(scope, other);
      const isSwitched = course.taken.size > 0;
      const time = isSwitched || last ? stableTime(inputs, timeout) : 0;
      if (time > 0 && last && !isSwitched) scope.keep({ ...last });
      const federation = time > 0 ? await stood(scope, inputs, reached, time) : reached;
      return { federation, from: isSwitched ? course.from : undefined };
    } catch (error) {
      keepTakenBack(scope, error);
      throw await rescued(scope, inputs, observed, { attempt, course, error });
    }
  });
}

/** The federation once the switch has stood: on each side that can be read, else as the other side lists it. */
function stood(
  scope: Scope,
  { active }: ActiveClusterInputs,
  reached: Federation,
  time: number,
): Promise<Federation> {
  const sides = [reached[0].side, reached[1].side] as const;
  return stand<Federation>(scope, {
    done: `the switch to ${pairOf(reached, active).target.name}`,
    where: sides.map(({ http }) => http.connection.endpoints[0]).join(", "),
    time,
    async look(options): Promise<Stand<Federation>> {
      const known = { before: reached, recorded: reached.recorded };
      const seen = await lookAtBoth(sides, { ...options, patience: "once" }, known);
      const { target, other } = pairOf(seen, active);
      const text = describe(seen);
      if (is(target, "active") && is(other, "passive")) return { stands: seen, seen: text };
      // With force the other side may be silent, and its neighbour may list another word of it.
      if (is(target, "active") && other.trouble && !is(other, "active")) return { stands: seen, seen: text };
      return isSettled(target) && isSettled(other) ? { undone: text } : { unclear: text };
    },
  });
}

/** Whether the inputs ask for something else than what was recorded. */
function isOtherWish(inputs: ActiveClusterInputs, observed: Federation, recorded: Recorded): boolean {
  return (
    (inputs.force ?? false) !== (recorded?.force ?? false) ||
    inputs.stableFor !== recorded?.stableFor ||
    nameOf(observed, inputs.active) !== nameOf(observed, recorded?.active)
  );
}

function nameOf(observed: Federation, active: string | undefined): string | undefined {
  try {
    return active === undefined ? undefined : pairOf(observed, active).target.name;
  } catch {
    // A refresh has recorded "none" or "both".
    return undefined;
  }
}

function warnOfSilence(scope: Scope, other: Member): void {
  if (!other.trouble) return;
  scope.warn(
    `${other.name} could not be read, so it is not proven that it is not active as well: ${messageOf(other.trouble)}`,
  );
}
