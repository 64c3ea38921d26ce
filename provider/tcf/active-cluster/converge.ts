import { messageOf } from "../../core/errors.ts";
import type { Scope } from "../../core/scope.ts";
import { describe, type Federation, is, isSettled, type Member } from "../federation.ts";
import { lookAtBoth, withClusters } from "../look.ts";
import { awaitStable, type StableLook, stableTime } from "../stability.ts";
import { keepTakenBack, recordedSwitch, type SwitchRequest, takenBackRefusal } from "../taken-back.ts";
import { type ActiveClusterInputs, type Recorded, timeout } from "./inputs.ts";
import { recoverActive } from "./recover.ts";
import { pairOf } from "./steps.ts";
import { type Attempt, type FailoverProgress, refuseUnreadable, switchActive } from "./switch.ts";

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
    const progress: FailoverProgress = { taken: new Set() };
    const forbid: Attempt["forbid"] = (other) => {
      // A federation without an active cluster is healed whatever was before.
      if (!is(other, "active")) return undefined;
      return takenBackRefusal(scope, recorded, "active", requestOf(inputs));
    };
    const attempt: Attempt = { last, forbid, outputs };
    try {
      const reached = await switchActive(scope, inputs, observed, attempt, progress);
      delete progress.demote;
      const { other } = pairOf(reached, inputs.active);
      warnOfSilence(scope, other);
      const isSwitched = progress.taken.size > 0;
      const time = isSwitched || last ? stableTime(inputs, timeout) : 0;
      if (time > 0 && last && !isSwitched) scope.keep({ ...last });
      const federation = time > 0 ? await stable(scope, inputs, reached, time) : reached;
      return { federation, from: isSwitched ? progress.from : undefined };
    } catch (error) {
      keepTakenBack(scope, error, {
        ...requestOf(inputs),
        name: pairOf(observed, inputs.active).target.name,
      });
      throw await recoverActive(scope, inputs, observed, { attempt, progress, error });
    }
  });
}

/** The federation once the switch has stood: on each side that can be read, else as the other side lists it. */
function stable(
  scope: Scope,
  { active }: ActiveClusterInputs,
  reached: Federation,
  time: number,
): Promise<Federation> {
  const sides = [reached[0].side, reached[1].side] as const;
  return awaitStable<Federation>(scope, {
    done: `the switch to ${pairOf(reached, active).target.name}`,
    where: sides.map(({ http }) => http.connection.endpoints[0]).join(", "),
    time,
    async look(options): Promise<StableLook<Federation>> {
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

/** What asks for a switch. */
export function requestOf({ active, force, stableFor }: ActiveClusterInputs): SwitchRequest {
  return { goal: active, force, stableFor };
}

function warnOfSilence(scope: Scope, other: Member): void {
  if (!other.trouble) return;
  scope.warn(
    `${other.name} could not be read, so it is not proven that it is not active as well: ${messageOf(other.trouble)}`,
  );
}
