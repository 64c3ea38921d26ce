import { ClusteropsError, DecideAnew, messageOf } from "../../core/data/errors.ts";
import type { Scope } from "../../core/work/scope.ts";
import {
  directionTo,
  type Federation,
  hasNoActive,
  is,
  isOtherThan,
  type Member,
  type View,
} from "../federation.ts";
import { mayHaveLanded, type Sending, type Sent, send } from "../sending.ts";
import { type FailoverProgress, noteSeen } from "./progress.ts";
import { isReady } from "./readiness.ts";
import { pairOf, type Step, type Wish } from "./steps.ts";
import type { Watcher } from "./watch.ts";

interface Taking {
  step: Step;
  /** What is known to show while it is under way. */
  outputs: object;
  progress: FailoverProgress;
  before: Federation;
}

/**
 * Sends the step and waits for its effect: at the cluster that was asked first, one read a look, and then on both sides.
 *
 * @returns the federation once the step has come to an end, whichever: what comes next is decided anew
 * @throws DecideAnew where it may be sent again
 */
export async function takeStep(
  scope: Scope,
  { watch, watchOne, look }: Watcher,
  wish: Wish,
  { step: { call, on }, outputs, progress, before }: Taking,
): Promise<Federation> {
  const what = `${call} ${on.name}`;
  const concerned = before.filter((member) => call === "toggle" || member === on);
  const hasChanged = (seen: Federation) =>
    concerned.some((member) =>
      isOtherThan(sameIn(seen, member), is(member, "active") ? "active" : "passive"),
    );
  const isActiveBefore = (each: Member) => is(sameIn(before, each), "active");
  const sent = await sendStep(scope, progress, {
    call,
    on: on.name,
    from: progress.from?.name,
    outputs,
    way: on.side.http,
    tries: progress.tries,
    restores: hasNoActive(before),
    towards: directionTo(before, pairOf(before, wish.active).target),
    async look() {
      const seen = await look();
      return {
        hasChanged: hasChanged(seen),
        // No demotion makes the other one active.
        isOthers: call === "demote" && seen.some((each) => is(each, "active") && !isActiveBefore(each)),
        isReadable: sameIn(seen, on).trouble === undefined,
      };
    },
  });
  const view = await watchOne(what, on.side, before);
  const views = before.map((member) => (member === on && view.list ? view : undefined)) as [View?, View?];
  // A list may tell of a demotion before the cluster itself knows: then it would still take writes beside the next active one.
  const own = (side: Member["side"]) => call === "demote" && side === on.side;
  const ended = await watch(
    what,
    (seen) => (isReady(seen, wish) && hasEnded(seen, sent) ? seen : undefined),
    {
      own,
      views: view.list && (views as [View | undefined, View | undefined]),
    },
  );
  noteSeen(progress, ended, wish.active);
  return ended;

  function hasEnded(seen: Federation, { isAnswered }: Sent): boolean {
    const { target, other } = pairOf(seen, wish.active);
    if (call === "demote") return other.trouble !== undefined || !is(other, "active");
    // The other one active: an endpoint of the wrong cluster was promoted, or somebody was quicker.
    if (call === "promote") return is(target, "active") || (is(other, "active") && !other.trouble);
    if (is(target, "active")) return true;
    // An accepted toggle may pass through two passives; one that failed may have stopped there.
    return !isAnswered && !is(other, "active");
  }
}

async function sendStep(scope: Scope, progress: FailoverProgress, sending: Sending): Promise<Sent> {
  const { call } = sending;
  const [wasSent, wasOpen] = [progress.sent.has(call), progress.open];
  progress.hasTried = true;
  progress.sent.add(call);
  progress.open = call;
  try {
    const sent = await send(scope, {
      ...sending,
      onOpen: (landed) => void progress.pending.push({ call, isAnswered: false, landed }),
    });
    progress.pending.push({ call, isAnswered: true, landed: sent.landed });
    return sent;
  } catch (error) {
    if (mayHaveLanded(error)) {
      if (call === "toggle" && error instanceof DecideAnew) throw notRepeated(scope, sending, error);
      throw error;
    }
    // An earlier try of the same call may have been carried out all the same.
    if (!wasSent) progress.sent.delete(call);
    progress.open = wasOpen;
    throw error;
  }
}

/** By now the toggle can no longer take effect, and might be sent again: but a second one that meets the first undoes it. */
function notRepeated(scope: Scope, { call, on, from }: Sending, doubt: DecideAnew): ClusteropsError {
  const reason = "no change was seen, and it was not sent again: a second toggle would undo the first";
  scope.keep({ call, on, from });
  return new ClusteropsError(`${messageOf(doubt)}; ${reason}`, { cause: doubt.cause });
}

function sameIn(seen: Federation, { side }: Member): Member {
  return seen[0].side.key === side.key ? seen[0] : seen[1];
}
