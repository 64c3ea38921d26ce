import { ClusteropsError, messageOf, Refusal, reworded } from "../core/errors.ts";
import type { Http } from "../core/http.ts";
import type { Scope } from "../core/scope.ts";
import {
  describe,
  describeMisplaced,
  type Federation,
  find,
  is,
  isOtherThan,
  isSettled,
  listLag,
  type Member,
  misplaced,
  withClusters,
} from "./federation.ts";
import { openFor, type SentCall, send } from "./sending.ts";
import { pairOf, type Step, stepsTowards, type Wish } from "./steps.ts";
import { type Watch, watcher } from "./watch.ts";

/** A blip must not make two actives: `force` goes on without the other side once it has been silent for so long. */
const silence = 2_500;
export interface Reached {
  federation: Federation;
  /** Id of the cluster that was active before this operation switched. */
  from?: string;
}

export interface Attempt {
  /** What an earlier, unfinished attempt had sent last. */
  last?: SentCall;
  /** What is known to show while a step is under way. */
  outputs(from: string | undefined): object;
}

/**
 * Leads the federation to where the wished cluster is the only active one, as both sides see it. Before each step everything
 * is read again, since a coordinator may switch by itself at any time: so an attempt interrupted anywhere just begins anew.
 */
export async function failOver(
  scope: Scope,
  wish: Wish,
  observed: Federation,
  attempt: Attempt,
): Promise<Reached> {
  refuseUnreadable(observed, wish);
  const https = observed.map(({ side }) => side.http);
  return withClusters(https, scope.signal, async () => {
    const watch = watcher(scope, observed);
    await awaitOpenToggle(watch, https, attempt.last);
    const taken = new Set<Step["call"]>();
    let from: string | undefined;
    for (;;) {
      const now = await settled(watch, wish);
      const { target, other } = pairOf(now, wish.active);
      const [step] = stepsTowards(wish, target, other);
      if (!step) {
        warnOfSilence(scope, other);
        return { federation: now, from: taken.size > 0 ? from : undefined };
      }
      if (taken.has(step.call)) throw undone(step, now);
      if (is(other, "active")) from ??= other.id;
      try {
        await take(scope, watch, wish, { ...step, from, outputs: attempt.outputs(from) }, now);
      } catch (error) {
        if (!taken.has("demote")) throw error;
        throw reworded(error, `${messageOf(error)}; ${other.id} was demoted before, so none may be active`);
      }
      taken.add(step.call);
    }
  });
}

/** The federation once everybody agrees on two known words: the knowledge on which a step may be taken. */
function settled(watch: Watch, wish: Wish): Promise<Federation> {
  let wrongSince: number | undefined;
  const judge = (seen: Federation) => {
    const wrong = misplaced(seen);
    wrongSince = wrong && (wrongSince ?? performance.now());
    if (wrong && wrongSince !== undefined && performance.now() - wrongSince > listLag)
      throw new Refusal(`clusters.${wrong.side.key}`, `${wrong.id}: ${describeMisplaced(wrong)}`);
    return isReady(seen, wish) ? seen : undefined;
  };
  return watch("both clusters to settle", judge, { own: true });
}

/** Sends the step and waits for its effect, to be seen on both sides. */
async function take(
  scope: Scope,
  watch: Watch,
  wish: Wish,
  { call, on, from, outputs }: Step & { from?: string; outputs: object },
  before: Federation,
): Promise<void> {
  const what = `${call} ${on.id}`;
  const concerned = before.filter((member) => call === "toggle" || member === on);
  const hasChanged = (seen: Federation) =>
    concerned.some((member) =>
      isOtherThan(sameIn(seen, member), is(member, "active") ? "active" : "passive"),
    );
  const answered = await send(scope, {
    call,
    on: on.id,
    from,
    outputs,
    http: on.side.http,
    readBack: (judge) =>
      watch(what, (seen) => judge(hasChanged(seen), sameIn(seen, on).trouble === undefined)),
  });
  await watch(what, (seen) => (isReady(seen, wish) && hasEnded(seen)) || undefined);

  /** Whether the step has come to an end, whichever: what comes next is decided anew. */
  function hasEnded(seen: Federation): boolean {
    const { target, other } = pairOf(seen, wish.active);
    if (call === "demote") return other.trouble !== undefined || !is(other, "active");
    if (call === "promote" || is(target, "active")) return is(target, "active");
    // An accepted toggle may pass through two passives; one that failed may have stopped there.
    return !answered && !is(other, "active");
  }
}

/** Whether the known words are enough to go on with: both clusters', or with `force` the target's alone. */
function isReady(seen: Federation, { active, force }: Wish): boolean {
  const { target, other } = pairOf(seen, active);
  if (target.trouble || !isSettled(target)) return false;
  if (!other.trouble) return isSettled(other);
  return force === true && performance.now() - (other.silentSince as number) >= silence;
}

/** A side that was out of reach even after several tries: nothing is begun, unless `force` does without it. */
function refuseUnreadable(observed: Federation, { active, force }: Wish): void {
  const { target, other } = pairOf(observed, active);
  for (const { id, side, trouble } of [target, other]) {
    if (!trouble || (side === other.side && force)) continue;
    const remedy = side === other.side ? "; force: true goes on without it" : "";
    throw reworded(
      trouble,
      `${id} cannot be read (clusters.${side.key}), and nothing was sent: ${messageOf(trouble)}${remedy}`,
    );
  }
}

/** A toggle whose answer was lost in an earlier attempt may still be carried out; the next one would undo it. */
async function awaitOpenToggle(watch: Watch, https: Http[], last: SentCall | undefined): Promise<void> {
  if (last?.call !== "toggle") return;
  const open = Math.max(...https.map(openFor));
  const openUntil = Math.min(Date.parse(last.sentAt), Date.now()) + open;
  if (!(openUntil > Date.now())) return;
  await watch("an earlier toggle, which may still be carried out", (seen) => {
    const from = find(seen, last.from);
    const wasCarriedOut = from !== undefined && isOtherThan(from, "active");
    return wasCarriedOut || Date.now() >= openUntil || undefined;
  });
}

function undone({ call, on }: Step, now: Federation): ClusteropsError {
  return new ClusteropsError(
    `${call} ${on.id} was carried out and then undone by somebody else (${describe(now)}); a coordinator switches by itself when it finds a cluster unhealthy`,
  );
}

function warnOfSilence(scope: Scope, other: Member): void {
  if (!other.trouble) return;
  scope.warn(
    `${other.id} could not be read, so it is not proven that it is not active as well: ${messageOf(other.trouble)}`,
  );
}

function sameIn(seen: Federation, { side }: Member): Member {
  return seen[0].side.key === side.key ? seen[0] : seen[1];
}
