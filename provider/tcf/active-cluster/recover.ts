import { advice } from "../../core/data/advice.ts";
import { clock } from "../../core/data/clock.ts";
import { ClusteropsError, messageOf, reworded } from "../../core/data/errors.ts";
import { deciding } from "../../core/work/deciding.ts";
import type { Scope } from "../../core/work/scope.ts";
import { describe, directionTo, type Federation, is, isSettled, type Member } from "../federation.ts";
import { lookAtBoth } from "../look.ts";
import { send } from "../sending.ts";
import { type Attempt, type FailoverProgress, noteSeen } from "./progress.ts";
import { pairOf, type Step, type Wish } from "./steps.ts";
import { settled, switchActive } from "./switch.ts";
import { watcher } from "./watch.ts";

/** How long, in milliseconds, a cancelled failover goes on to where one cluster is active. Settable, so that tests need not wait as long. */
export const recoveryTime = { milliseconds: 30_000 };

/** How long, in milliseconds, the effect of a demote that was answered may take to be seen. */
const landing = 5_000;
/** So much of the time, in milliseconds, is kept for what comes after a wait. */
const lastMoment = 1_000;

const isActive = (member: Member) => is(member, "active");

/**
 * A failover that ended after its demote may have left no active cluster. A cancel only shortens the way: to the end, or else
 * back. Any other failure is looked into.
 *
 * @returns the error to tell, which begins with `NO ACTIVE CLUSTER` where none was seen and no switch goes on any more
 */
export async function recoverActive(
  scope: Scope,
  wish: Wish,
  observed: Federation,
  { attempt, progress, error }: { attempt: Attempt; progress: FailoverProgress; error: unknown },
): Promise<unknown> {
  const { sent } = progress;
  const wasCancelled = scope.signal.aborted && !scope.deadline.hasPassed();
  // What an earlier, interrupted operation had sent may have left no active cluster, too.
  const isResumed = attempt.last !== undefined;
  if ((sent.size === 0 && !isResumed) || (progress.isReached && wasCancelled)) return error;
  const text = textOf(scope, error);
  if (wasCancelled && (sent.has("demote") || isResumed)) {
    const began = clock.elapsed();
    const name = pairOf(observed, wish.active).target.name;
    if (await goOn(scope, wish, observed, attempt, progress)) {
      const how = sent.has("promote") ? "was promoted all the same, so that there is" : "is";
      return reworded(
        error,
        `${text}; ${name} ${how} ${sent.has("promote") ? "an active cluster" : "active"}`,
      );
    }
    const left = recoveryTime.milliseconds - (clock.elapsed() - began);
    const back = isPromoting(progress) ? undefined : await goBack(scope, wish, observed, progress, left);
    if (back)
      return reworded(error, `${text}; ${back} was promoted again, so that there is an active cluster`);
  }
  return explainedBy(scope, await lookAgain(scope, observed), {
    error,
    progress,
    wish,
    observed,
    wasCancelled,
  });
}

/** A promotion that the worker has accepted may take its time: another one beside it could make two active clusters. */
function isPromoting({ pending }: FailoverProgress): boolean {
  return pending.some(({ call, isAnswered }) => isAnswered && call !== "demote");
}

/** What ended it. That the time was over in the middle of a request says nothing: what its earlier tries ran into does. */
function textOf({ deadline, trouble }: Scope, error: unknown): string {
  const isPlain = error instanceof ClusteropsError || !deadline.hasPassed();
  return messageOf(isPlain ? error : (trouble ?? error));
}

/** The error, with what was seen after it. */
function explainedBy(
  scope: Scope,
  now: Federation | undefined,
  {
    error,
    progress,
    wish,
    observed,
    wasCancelled,
  }: {
    error: unknown;
    progress: FailoverProgress;
    wish: Wish;
    observed: Federation;
    wasCancelled: boolean;
  },
): unknown {
  const { target, other } = pairOf(observed, wish.active);
  const named = (call: Step["call"]) => `${call} ${call === "demote" ? other.name : target.name}`;
  const open = progress.open
    ? `; ${named(progress.open)} was sent, and may still be carried out: the next ${advice.up} looks again`
    : "";
  if (now?.some(isActive)) {
    const isOld = progress.open === "demote" && is(pairOf(now, wish.active).other, "active");
    return isOld ? reworded(error, textOf(scope, error) + open) : error;
  }
  const steps = [...progress.sent].map(named).join(" and ");
  const seen = now
    ? `; seen last: ${describe(now)}`
    : "; neither cluster can be read, so whether one is active is not known";
  const before = steps && `; ${steps} ${progress.sent.size > 1 ? "were" : "was"} sent before`;
  const message = `${textOf(scope, error)}${before}${open}${seen}`;
  // A deadline may strike while a switch still goes on, which the next run waits for.
  const isUnderWay = !wasCancelled && now?.some((member) => !isSettled(member));
  return isUnderWay || !now ? reworded(error, message) : reworded(error, message, "NO ACTIVE CLUSTER");
}

/**
 * To the end: promote, once both are seen to be passive. Two thirds of the time, and one for further tries: what has been sent by then
 * can no longer take effect when it comes to the way back. False: it could not be done.
 */
async function goOn(
  scope: Scope,
  wish: Wish,
  observed: Federation,
  attempt: Attempt,
  progress: FailoverProgress,
): Promise<boolean> {
  const overtime = scope.overtime((recoveryTime.milliseconds * 2) / 3);
  const isThere = (seen: Federation) => is(pairOf(seen, wish.active).target, "active");
  progress.promotesOnly = true;
  try {
    const { watch } = watcher(overtime, observed);
    let now = await settled(watch, wish);
    noteSeen(progress, now, wish.active);
    // The cancel may have met a request on its way: it may be carried out later.
    const began = clock.elapsed();
    const patience = progress.open === "demote" ? overtime.deadline.remaining() - lastMoment : landing;
    const isOver = () => clock.elapsed() - began > patience;
    if (is(pairOf(now, wish.active).other, "active"))
      now = await watch("demote to land", (seen) => (isOver() || !seen.some(isActive) ? seen : undefined));
    noteSeen(progress, now, wish.active);
    if (now.some(isActive)) return isThere(now);
    // Promoting twice is promoting once: a promote that was cut short is sent again.
    const known = now;
    const start = clock.elapsed();
    const end = await deciding(overtime, (decision) => {
      const isTooLate = clock.elapsed() - start > recoveryTime.milliseconds / 3;
      if (isTooLate && progress.sent.has("promote")) throw new Error("it has been tried for long enough");
      return switchActive(decision, wish, known, { attempt, progress });
    });
    if (!isThere(end) && progress.taken.has("promote")) progress.undone = describe(end);
    return isThere(end);
  } catch {
    return false;
  }
}

/** Back: the one that was active is promoted again, once no promotion of the new one can take effect any more. Answers with its name, or undefined where that could not be done. */
async function goBack(
  scope: Scope,
  wish: Wish,
  observed: Federation,
  progress: FailoverProgress,
  milliseconds: number,
): Promise<string | undefined> {
  const overtime = scope.overtime(milliseconds);
  try {
    const { watch, look } = watcher(overtime, observed);
    const { other } = pairOf(observed, wish.active);
    const isBack = (seen: Federation) => is(pairOf(seen, wish.active).other, "active");
    const { landed } = await deciding(overtime, async (decision) => {
      const seen = await watch("both clusters to settle", (each) =>
        pairOf(each, wish.active).other.trouble || !each.every(isSettled) ? undefined : each,
      );
      noteSeen(progress, seen, wish.active);
      if (seen.some(isActive)) throw new Error("somebody else has promoted a cluster");
      decision.lookAnew(overtime.knowledge.from);
      return send(decision, {
        call: "promote",
        on: other.name,
        way: other.side.http,
        tries: progress.tries,
        restores: true,
        towards: directionTo(observed, other),
        look: async () => ({ hasChanged: isBack(await look()), isReadable: true }),
      });
    });
    await watch(`promote ${other.name}`, (each) => isBack(each) || undefined);
    landed();
    return other.name;
  } catch {
    return undefined;
  }
}

async function lookAgain(scope: Scope, observed: Federation): Promise<Federation | undefined> {
  const { signal } = scope.overtime(5_000);
  const sides = [observed[0].side, observed[1].side] as const;
  const known = { before: observed, recorded: observed.recorded };
  const seen = await lookAtBoth(sides, { signal, patience: "once" }, known).catch(() => undefined);
  return seen?.every(({ listed, own }) => listed.length === 0 && own === undefined) ? undefined : seen;
}
