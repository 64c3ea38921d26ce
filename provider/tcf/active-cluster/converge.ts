import { messageOf } from "../../core/data/errors.ts";
import type { Scope } from "../../core/work/scope.ts";
import { describe, type Federation, findIn, is, type Member } from "../federation.ts";
import { withClusters } from "../look.ts";
import { stableTime } from "../stability.ts";
import {
  keepReached,
  keepTakenBack,
  type RecordedSwitch,
  recordedSwitch,
  type SwitchRequest,
  TakenBackError,
  takenBackRefusal,
  undoneSince,
} from "../taken-back.ts";
import { type ActiveClusterInputs, type Recorded, timeout } from "./inputs.ts";
import { recoverActive } from "./recover.ts";
import { stable } from "./stable.ts";
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
    const progress: FailoverProgress = { taken: new Set(), sent: new Set() };
    const { target } = pairOf(observed, inputs.active);
    const request = { ...requestOf(inputs), name: target.name };
    const forbid: Attempt["forbid"] = (other, now) => {
      // A federation without an active cluster is healed whatever was before.
      if (!is(other, "active")) return undefined;
      return (
        undoneSince(recorded, request, describe(now)) ?? takenBackRefusal(scope, recorded, "active", request)
      );
    };
    const attempt: Attempt = { last, forbid, outputs };
    try {
      const reached = await switchActive(scope, inputs, observed, attempt, progress);
      progress.isReached = true;
      warnOfSilence(scope, pairOf(reached, inputs.active).other);
      const isSwitched = progress.taken.size > 0;
      const time = isSwitched || leadsTo(last, target, observed) ? stableTime(inputs, timeout) : 0;
      const from = isSwitched ? progress.from : undefined;
      if (time === 0) return { federation: reached, from };
      keepReached(scope, recorded, request);
      return { federation: await stable(scope, inputs.active, reached, time), from };
    } catch (error) {
      const told = await recoverActive(scope, inputs, observed, { attempt, progress, error });
      const undone = progress.undone && new TakenBackError("promote was carried out", progress.undone);
      keepTakenBack(scope, undone || error, request, recorded);
      throw told;
    }
  });
}

/** Whether what an interrupted operation had sent last was to make this cluster active: then it has to stand yet. */
function leadsTo(last: RecordedSwitch | undefined, target: Member, observed: Federation): boolean {
  if (!last || last.takenBack) return false;
  const on = findIn(observed, last.on);
  return last.call === "toggle" || (on === target) === (last.call === "promote");
}

/** What asks for a switch. */
export function requestOf(inputs: ActiveClusterInputs): SwitchRequest {
  const { active, force, stableFor, resolveBothActive } = inputs;
  return { goal: active, force, stableFor, resolveBothActive };
}

function warnOfSilence(scope: Scope, other: Member): void {
  if (!other.trouble) return;
  scope.warn(
    `${other.name} could not be read, so it is not proven that it is not active as well: ${messageOf(other.trouble)}`,
  );
}
