import { clock } from "../../core/data/clock.ts";
import { remaining } from "../../core/work/late-effects.ts";
import type { Scope } from "../../core/work/scope.ts";
import { effects } from "../client.ts";
import {
  describe,
  directionTo,
  type Federation,
  findIn,
  is,
  isMember,
  isOtherThan,
  listLag,
} from "../federation.ts";
import { effectSeen, mayBeUndoneFor, roleOf, toggleOf } from "../late.ts";
import { closely } from "../look.ts";
import type { SentCall } from "../sending.ts";
import { confirmation } from "../stability.ts";
import { TakenBackError } from "../taken-back.ts";
import { type Attempt, type FailoverProgress, noteSeen } from "./progress.ts";
import { isReady, wrongPlace } from "./readiness.ts";
import { pairOf, type Step, stepsTowards, type Wish } from "./steps.ts";
import { takeStep } from "./take-step.ts";
import { type Watch, watcher } from "./watch.ts";

/**
 * Leads the federation to where the wished cluster is the only active one, as both sides see it. Each step is decided on a fresh
 * look, since a coordinator may switch by itself at any time: so an attempt interrupted anywhere just begins anew.
 *
 * @param views what has just been read of each side
 * @throws DecideAnew where a step may be sent again
 */
export async function switchActive(
  scope: Scope,
  wish: Wish,
  observed: Federation,
  { attempt, progress, views }: { attempt: Attempt; progress: FailoverProgress; views?: Federation["views"] },
): Promise<Federation> {
  const watching = watcher(scope, observed);
  const { watch } = watching;
  await awaitOpenToggle(scope, watch, observed, attempt.last);
  let isDoubted = false;
  let known = await settled(watch, wish, views);
  noteEarlier(scope, known, attempt.last);
  for (;;) {
    const now = known;
    noteSeen(progress, now, wish.active);
    const { target, other } = pairOf(now, wish.active);
    const [step] = stepsTowards(wish, target, other);
    // Neither is anything done, nor said to be done, while an earlier call may still lead elsewhere.
    if (!progress.promotesOnly && (await wasAtRisk(watch, wish, now))) {
      known = await settled(watch, wish);
      continue;
    }
    if (!step) return now;
    if (progress.promotesOnly && step.call !== "promote") return now;
    // After a promotion of ours any step would undo what somebody else has done since.
    if (progress.taken.has(step.call) || progress.taken.has("promote")) {
      // One stale look is no take-back.
      if (isDoubted) throw undone(progress, step, now);
      isDoubted = true;
      await clock.pause(confirmation, scope.signal);
      known = await settled(watch, wish);
      continue;
    }
    isDoubted = false;
    const refusal = progress.sent.size === 0 ? attempt.forbid(other, now) : undefined;
    if (refusal) throw refusal;
    if (is(other, "active")) progress.from ??= other;
    const outputs = attempt.outputs(progress.from);
    known = await takeStep(scope, watching, wish, { step, outputs, progress, before: now });
    progress.taken.add(step.call);
  }
}

/** The federation once everybody agrees on two known words: the knowledge on which a step may be taken. */
export function settled(watch: Watch, wish: Wish, views?: Federation["views"]): Promise<Federation> {
  let wrongSince: number | undefined;
  const judge = (seen: Federation) => {
    const wrong = wrongPlace(seen);
    wrongSince = wrong && (wrongSince ?? clock.elapsed());
    if (wrong && wrongSince !== undefined && clock.elapsed() - wrongSince > listLag) throw wrong;
    return isReady(seen, wish) ? seen : undefined;
  };
  return watch("both clusters to settle", judge, { ...closely, views });
}

/**
 * Waits for as long as a call of an earlier operation, whose answer was lost, may yet undo what is there.
 *
 * @returns whether there was such a call
 */
async function wasAtRisk(watch: Watch, { active }: Wish, now: Federation): Promise<boolean> {
  const { target } = pairOf(now, active);
  const risk = () => mayBeUndoneFor(directionTo(now, target));
  if (risk() === 0) return false;
  await watch("an earlier call, which may still be carried out", (seen) => {
    const hasChanged = isOtherThan(pairOf(seen, active).target, is(target, "active") ? "active" : "passive");
    return hasChanged || risk() === 0 || undefined;
  });
  return true;
}

/** What an interrupted operation had sent is not to be expected any more where its effect is there. */
function noteEarlier(scope: Scope, seen: Federation, last: SentCall | undefined): void {
  const on = last && findIn(seen, last.on);
  if (!last || !isMember(on) || last.call === "toggle") return;
  const isThere = is(on, last.call === "promote" ? "active" : "passive");
  const active = last.call === "promote" ? on : seen.find((member) => member !== on);
  if (isThere && active)
    effectSeen(scope, roleOf(last.call, directionTo(seen, active), last.sentAt), last.sentAt);
}

/** A toggle whose answer was lost in an earlier attempt may still be carried out; the next one would undo it. */
async function awaitOpenToggle(
  scope: Scope,
  watch: Watch,
  observed: Federation,
  last: SentCall | undefined,
): Promise<void> {
  if (last?.call !== "toggle") return;
  const wait = openFor(scope, observed, last);
  if (!(wait > 0)) return;
  const began = clock.elapsed();
  await watch("an earlier toggle, which may still be carried out", (seen) => {
    const from = last.from === undefined ? undefined : findIn(seen, last.from);
    const wasCarriedOut = isMember(from) && isOtherThan(from, "active");
    if (wasCarriedOut) effectSeen(scope, roleOf("toggle", directionTo(seen, from), last.sentAt), last.sentAt);
    return wasCarriedOut || clock.elapsed() - began >= wait || undefined;
  });
}

/** For how many milliseconds the toggle may still be carried out. */
function openFor(scope: Scope, observed: Federation, last: SentCall): number {
  const slowest = Math.max(...observed.map(({ side }) => side.http.connection.requestTimeout));
  const longest = effects.toggle.mayLandWithin + slowest;
  const known = scope.late.find(({ does }) => does === toggleOf(last.sentAt));
  if (known) return Math.min(remaining(known), longest);
  const age = clock.now() - Date.parse(last.sentAt);
  // By a clock that was ahead: from now on it counts from here.
  if (age < 0) scope.keep({ ...last, sentAt: new Date(clock.now()).toISOString() });
  return longest - Math.max(0, age);
}

function undone({ taken }: FailoverProgress, { call, on }: Step, now: Federation): TakenBackError {
  const what = taken.has(call) ? `${call} ${on.name}` : "promote";
  return new TakenBackError(`${what} was carried out`, describe(now));
}
