import { messageOf, reworded } from "../../core/errors.ts";
import { inOvertime, type Scope } from "../../core/scope.ts";
import { describe, type Federation, is, isSettled, type Member } from "../federation.ts";
import { lookAtBoth } from "../look.ts";
import { send } from "../sending.ts";
import { type Attempt, type Course, lead, settled } from "./failover.ts";
import { pairOf, type Wish } from "./steps.ts";
import { watcher } from "./watch.ts";

/** How long, in milliseconds, a cancelled failover goes on to where one cluster is active. Settable, so that tests need not wait as long. */
export const rescueTime = { milliseconds: 30_000 };

/** How long, in milliseconds, a request that was cancelled on its way may still be seen to land. */
const landing = 2_000;

const isActive = (member: Member) => is(member, "active");

/**
 * A failover that ended after its demote may have left no active cluster. A cancel only shortens the way: to the end, or else
 * back. Any other failure is looked into.
 *
 * @returns the error to tell, which begins with `NO ACTIVE CLUSTER` where nothing else was seen and no switch goes on any more
 */
export async function rescued(
  scope: Scope,
  wish: Wish,
  observed: Federation,
  { attempt, course, error }: { attempt: Attempt; course: Course; error: unknown },
): Promise<unknown> {
  if (!course.hasDemoted) return error;
  const wasCancelled = scope.signal.aborted && !scope.deadline.hasPassed();
  const text = messageOf(error);
  if (wasCancelled) {
    const { target } = pairOf(observed, wish.active);
    if (await goOn(scope, wish, observed, attempt, course))
      return reworded(
        error,
        `${text}; ${target.name} was promoted all the same, so that there is an active cluster`,
      );
    const back = await goBack(scope, wish, observed);
    if (back)
      return reworded(error, `${text}; ${back} was promoted again, so that there is an active cluster`);
  }
  const now = await lookAgain(scope, observed);
  if (now?.some(isActive)) return error;
  const { other } = pairOf(observed, wish.active);
  const seen = now ? `; seen last: ${describe(now)}` : "; neither cluster can be read";
  const told = reworded(error, `${text}; demote ${other.name} was sent before${seen}`);
  // A deadline may strike while a switch still goes on, which the next run waits for.
  const isUnderWay = !wasCancelled && now?.some((member) => !isSettled(member));
  return isUnderWay ? told : Object.assign(told, { alarm: "NO ACTIVE CLUSTER" });
}

/** To the end: promote, once both are seen to be passive. Two thirds of the time. False: it could not be done. */
async function goOn(
  scope: Scope,
  wish: Wish,
  observed: Federation,
  attempt: Attempt,
  course: Course,
): Promise<boolean> {
  const overtime = inOvertime(scope, (rescueTime.milliseconds * 2) / 3);
  const isThere = (seen: Federation) => is(pairOf(seen, wish.active).target, "active");
  try {
    const watch = watcher(overtime, observed);
    let now = await settled(watch, wish);
    // The cancel may have met the demote on its way: it may land a moment later.
    const began = performance.now();
    const isOver = () => performance.now() - began > landing;
    if (is(pairOf(now, wish.active).other, "active"))
      now = await watch("demote to land", (seen) => (isOver() || !seen.some(isActive) ? seen : undefined));
    if (now.some(isActive)) return isThere(now);
    return isThere(await lead(overtime, wish, now, attempt, course));
  } catch {
    return false;
  }
}

/** Back: the one that was active is promoted again. Answers with its name, or undefined where that could not be done. */
async function goBack(scope: Scope, wish: Wish, observed: Federation): Promise<string | undefined> {
  const overtime = inOvertime(scope, rescueTime.milliseconds / 3);
  try {
    const watch = watcher(overtime, observed);
    const now = await watch("both clusters to settle", (seen) =>
      pairOf(seen, wish.active).other.trouble || !seen.every(isSettled) ? undefined : seen,
    );
    const { other } = pairOf(now, wish.active);
    if (now.some(isActive)) return undefined;
    const isBack = (seen: Federation) => is(pairOf(seen, wish.active).other, "active");
    await send(overtime, {
      call: "promote",
      on: other.name,
      http: other.side.http,
      readBack: (judge) => watch(`promote ${other.name}`, (seen) => judge(isBack(seen), true)),
    });
    await watch(`promote ${other.name}`, (seen) => isBack(seen) || undefined);
    return other.name;
  } catch {
    return undefined;
  }
}

async function lookAgain(scope: Scope, observed: Federation): Promise<Federation | undefined> {
  const { signal } = inOvertime(scope, 5_000);
  const sides = [observed[0].side, observed[1].side] as const;
  const known = { before: observed, recorded: observed.recorded };
  const seen = await lookAtBoth(sides, { signal, patience: "once" }, known).catch(() => undefined);
  return seen?.every(({ listed, own }) => listed.length === 0 && own === undefined) ? undefined : seen;
}
