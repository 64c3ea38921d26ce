import { clock } from "../../core/data/clock.ts";
import { messageOf } from "../../core/data/errors.ts";
import { deciding } from "../../core/work/deciding.ts";
import type { Scope } from "../../core/work/scope.ts";
import { describe, type Federation, findIn, is, type Member } from "../federation.ts";
import { withClusters } from "../look.ts";
import { stableTime } from "../stability.ts";
import { type SwitchRecord, type SwitchRequest, switchRecord, TakenBackError } from "../taken-back.ts";
import { type ActiveClusterInputs, type Recorded, timeout } from "./inputs.ts";
import type { Attempt, FailoverProgress } from "./progress.ts";
import { refuseUnreadable } from "./readiness.ts";
import { recoverActive } from "./recover.ts";
import { stable } from "./stable.ts";
import { pairOf } from "./steps.ts";
import { switchActive } from "./switch.ts";

export interface Reached {
  federation: Federation;
  /** The cluster that was active before this operation switched. */
  from?: Member;
}

/** A turn that is had within so many milliseconds was not waited for. */
const atOnce = 50;

/** Fails over where that is needed, and sees it stand. */
export function failOver(
  scope: Scope,
  inputs: ActiveClusterInputs,
  observed: Federation,
  recorded: Recorded,
  outputs: Attempt["outputs"],
): Promise<Reached> {
  refuseUnreadable(observed, inputs);
  const ways = observed.map(({ side }) => side.http);
  const { target } = pairOf(observed, inputs.active);
  const record = switchRecord(scope, recorded, "active", { ...requestOf(inputs), name: target.name });
  const { last } = record;
  const asked = clock.elapsed();
  return withClusters(scope, ways, async () => {
    // Whoever had to wait for a turn looks again.
    const views = clock.elapsed() - asked < atOnce ? observed.views : undefined;
    const progress: FailoverProgress = { taken: new Set(), sent: new Set(), pending: [], tries: {} };
    const attempt: Attempt = {
      last,
      outputs,
      // A federation without an active cluster is healed whatever was before.
      forbid: (other, now) =>
        is(other, "active") ? record.objection(describe(now), progress.hasTried === true) : undefined,
    };
    try {
      const reached = await reach(scope, inputs, observed, { attempt, progress, views });
      progress.isReached = true;
      warnOfSilence(scope, pairOf(reached, inputs.active).other);
      // What was sent, and found to be so when it was decided anew, has to stand as well.
      const isSwitched = progress.taken.size > 0 || progress.sent.size > 0;
      const time = isSwitched || leadsTo(last, target, observed) ? stableTime(inputs, timeout) : 0;
      const from = isSwitched ? progress.from : undefined;
      if (time === 0) return { federation: reached, from };
      record.keepReached();
      return { federation: await stable(scope, inputs.active, reached, time), from };
    } catch (error) {
      const told = await recoverActive(scope, inputs, observed, { attempt, progress, error });
      const undone = progress.undone && new TakenBackError("promote was carried out", progress.undone);
      record.keepTakenBack(undone || error);
      throw told;
    }
  });
}

/** To where the wished cluster is the only active one; decided anew for as long as a step may be sent again. */
function reach(
  scope: Scope,
  inputs: ActiveClusterInputs,
  observed: Federation,
  { views, ...how }: { attempt: Attempt; progress: FailoverProgress; views: Federation["views"] | undefined },
): Promise<Federation> {
  let first = views;
  return deciding(scope, (decision) => {
    const known = first;
    first = undefined;
    return switchActive(decision, inputs, observed, { ...how, views: known });
  });
}

/** Whether what an interrupted operation had sent last was to make this cluster active: then it has to stand yet. */
function leadsTo(last: SwitchRecord["last"], target: Member, observed: Federation): boolean {
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
