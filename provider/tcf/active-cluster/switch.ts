import { clock } from "../../core/data/clock.ts";
import { messageOf, Refusal, RequestError, reworded } from "../../core/data/errors.ts";
import type { Http } from "../../core/http/http.ts";
import type { Scope } from "../../core/work/scope.ts";
import {
  areCrossed,
  describe,
  describeMisplaced,
  type Federation,
  findIn,
  is,
  isMember,
  isOtherThan,
  isSettled,
  listLag,
  type Member,
  misplaced,
} from "../federation.ts";
import { openFor, type SentCall, send } from "../sending.ts";
import { confirmation } from "../stability.ts";
import { TakenBackError } from "../taken-back.ts";
import { pairOf, type Step, stepsTowards, type Wish } from "./steps.ts";
import { type Watch, watcher } from "./watch.ts";

/** A blip must not make two actives: `force` goes on without the other side once it has been silent for so long. */
const silence = 2_500;

export interface Attempt {
  /** What an earlier, unfinished attempt had sent last. */
  last?: SentCall;
  /** Why a switch that is to be sent must not be; undefined: it may. */
  forbid(other: Member, now: Federation): Error | undefined;
  /** What is known to show while a step is under way. */
  outputs(from: Member | undefined): object;
}

/** How far a failover has come. */
export interface FailoverProgress {
  /** Steps that were carried out. */
  taken: Set<Step["call"]>;
  /** Steps that were sent, or may have been. */
  sent: Set<Step["call"]>;
  /** The step that may be carried out without our having seen it. */
  open?: Step["call"];
  /** Only promotes from here on: a cancelled failover does not demote. */
  promotesOnly?: boolean;
  /** A promotion of ours was undone while a cancelled failover was led to its end: what was seen instead. */
  undone?: string;
  /** The wished cluster was seen to be the only active one. */
  isReached?: boolean;
  /** The cluster that was active before. */
  from?: Member;
}

/**
 * Leads the federation to where the wished cluster is the only active one, as both sides see it. Before each step everything
 * is read again, since a coordinator may switch by itself at any time: so an attempt interrupted anywhere just begins anew.
 */
export async function switchActive(
  scope: Scope,
  wish: Wish,
  observed: Federation,
  attempt: Attempt,
  progress: FailoverProgress,
): Promise<Federation> {
  const watch = watcher(scope, observed);
  await awaitOpenToggle(
    watch,
    observed.map(({ side }) => side.http),
    attempt.last,
  );
  let isDoubted = false;
  for (;;) {
    const now = await settled(watch, wish);
    const { target, other } = pairOf(now, wish.active);
    const [step] = stepsTowards(wish, target, other);
    if (!step) return now;
    if (progress.promotesOnly && step.call !== "promote") return now;
    // After a promotion of ours any step would undo what somebody else has done since.
    if (progress.taken.has(step.call) || progress.taken.has("promote")) {
      // One stale look is no take-back.
      if (isDoubted) throw undone(progress, step, now);
      isDoubted = true;
      await clock.pause(confirmation, scope.signal);
      continue;
    }
    isDoubted = false;
    const refusal = progress.sent.size === 0 ? attempt.forbid(other, now) : undefined;
    if (refusal) throw refusal;
    if (is(other, "active")) progress.from ??= other;
    await take(scope, watch, wish, { step, outputs: attempt.outputs(progress.from), progress }, now);
    progress.taken.add(step.call);
  }
}

/** The federation once everybody agrees on two known words: the knowledge on which a step may be taken. */
export function settled(watch: Watch, wish: Wish): Promise<Federation> {
  let wrongSince: number | undefined;
  const judge = (seen: Federation) => {
    const wrong = wrongPlace(seen);
    wrongSince = wrong && (wrongSince ?? clock.elapsed());
    if (wrong && wrongSince !== undefined && clock.elapsed() - wrongSince > listLag) throw wrong;
    return isReady(seen, wish) ? seen : undefined;
  };
  return watch("both clusters to settle", judge, { own: true });
}

/** The refusal for endpoints or names that are not what they are taken for, once that has stayed so for longer than lists lag. */
export function wrongPlace(seen: Federation): Refusal | undefined {
  const wrong = misplaced(seen);
  if (wrong) return new Refusal(`clusters.${wrong.side.key}`, `${wrong.name}: ${describeMisplaced(wrong)}`);
  if (!areCrossed(seen)) return undefined;
  return new Refusal(
    "clusters",
    `each side lists the opposite of the other (${describe(seen)}): do the same names stand for the same clusters on both sides?`,
  );
}

/** Sends the step and waits for its effect, to be seen on both sides. */
async function take(
  scope: Scope,
  watch: Watch,
  wish: Wish,
  { step: { call, on }, outputs, progress }: { step: Step; outputs: object; progress: FailoverProgress },
  before: Federation,
): Promise<void> {
  const what = `${call} ${on.name}`;
  const concerned = before.filter((member) => call === "toggle" || member === on);
  const hasChanged = (seen: Federation) =>
    concerned.some((member) =>
      isOtherThan(sameIn(seen, member), is(member, "active") ? "active" : "passive"),
    );
  progress.sent.add(call);
  progress.open = call;
  const answered = await send(scope, {
    call,
    on: on.name,
    from: progress.from?.name,
    outputs,
    http: on.side.http,
    readBack: (judge) =>
      watch(what, (seen) => judge(hasChanged(seen), sameIn(seen, on).trouble === undefined)),
  }).catch((error) => {
    if (error instanceof RequestError && error.effect === "no") {
      progress.sent.delete(call);
      delete progress.open;
    }
    throw error;
  });
  delete progress.open;
  await watch(what, (seen) => (isReady(seen, wish) && hasEnded(seen)) || undefined);

  /** Whether the step has come to an end, whichever: what comes next is decided anew. */
  function hasEnded(seen: Federation): boolean {
    const { target, other } = pairOf(seen, wish.active);
    if (call === "demote") return other.trouble !== undefined || !is(other, "active");
    // The other one active: an endpoint of the wrong cluster was promoted, or somebody was quicker.
    if (call === "promote") return is(target, "active") || (is(other, "active") && !other.trouble);
    if (is(target, "active")) return true;
    // An accepted toggle may pass through two passives; one that failed may have stopped there.
    return !answered && !is(other, "active");
  }
}

/** Whether the known words are enough to go on with: both clusters', or with `force` the target's alone. */
function isReady(seen: Federation, { active, force }: Wish): boolean {
  const { target, other } = pairOf(seen, active);
  if (target.trouble || !isSettled(target)) return false;
  if (!other.trouble) return isSettled(other);
  return force === true && clock.elapsed() - (other.silentSince as number) >= silence;
}

/** A side that was out of reach even after several tries: nothing is begun, unless `force` does without it. */
export function refuseUnreadable(observed: Federation, { active, force }: Wish): void {
  const { target, other } = pairOf(observed, active);
  for (const { name, side, trouble } of [target, other]) {
    if (!trouble || (side === other.side && force)) continue;
    const remedy = side === other.side ? "; force: true goes on without it" : "";
    throw reworded(
      trouble,
      `${name} cannot be read (clusters.${side.key}), and nothing was sent: ${messageOf(trouble)}${remedy}`,
    );
  }
}

/** A toggle whose answer was lost in an earlier attempt may still be carried out; the next one would undo it. */
async function awaitOpenToggle(watch: Watch, https: Http[], last: SentCall | undefined): Promise<void> {
  if (last?.call !== "toggle") return;
  const open = Math.max(...https.map(openFor));
  const openUntil = Math.min(Date.parse(last.sentAt), clock.now()) + open;
  if (!(openUntil > clock.now())) return;
  await watch("an earlier toggle, which may still be carried out", (seen) => {
    const from = last.from === undefined ? undefined : findIn(seen, last.from);
    const wasCarriedOut = isMember(from) && isOtherThan(from, "active");
    return wasCarriedOut || clock.now() >= openUntil || undefined;
  });
}

function undone({ taken }: FailoverProgress, { call, on }: Step, now: Federation): TakenBackError {
  const what = taken.has(call) ? `${call} ${on.name}` : "promote";
  return new TakenBackError(`${what} was carried out`, describe(now));
}

function sameIn(seen: Federation, { side }: Member): Member {
  return seen[0].side.key === side.key ? seen[0] : seen[1];
}
