import { type Activity, asPart } from "../data/activity.ts";
import { advice } from "../data/advice.ts";
import { clock } from "../data/clock.ts";
import { formatDuration } from "../data/duration.ts";
import { hasStatus, messageOf, WaitExpired } from "../data/errors.ts";
import type { CallOptions } from "../http/call.ts";
import { Pace } from "./pace.ts";
import type { LookOptions } from "./poller.ts";
import type { Scope } from "./scope.ts";
import { WaitDetail } from "./wait-detail.ts";

/** What a look says: it is done, or still going on (in the vendor's words, and per cent where told). A failure is thrown. */
export type Verdict<R> = { done: R } | { pending: string; percent?: number };

export interface Wait<T, R> {
  /** What is waited for, e.g. `node 2: maintenance_on`. */
  what: string;
  /** Where, for the message. Default: the first endpoint of the scope's connection. */
  where?: string;
  /** One look at the remote side. It repeats its own failing requests until the signal ends them. */
  look(options: LookOptions): Promise<T>;
  /** Says what was seen. Where that takes requests of its own, they are made with the same options as the look. */
  judge(seen: T, options: LookOptions): Verdict<R> | Promise<Verdict<R>>;
  /**
   * Waits with the same key share their looks: they must look at the same thing, on the same way (`Way.id`). Default: nobody shares.
   */
  share?: string;
  /** The task that is waited for, as far as it is known by then: whoever reads of the time-out looks it up. */
  task?(): string | undefined;
  /** What a person would like to see beside the verdict, where that takes requests of its own: read now and then. */
  detail?(options: CallOptions): Promise<string>;
  /** Milliseconds to the next look, where the wait has a pace of its own. Default: see `interval`. */
  pace?(): number;
  /** Whether what is waited for has just been asked for: there is nothing to see yet. Default: the first look is at once. */
  isFresh?: boolean;
  /** Whether the step has been shown when it was sent: this wait is then no other one. */
  isAnnounced?: boolean;
}

/** Milliseconds from one look to the next, at least. */
export const shortest = 200;
const longest = 2_500;
/** The last look comes this long before the deadline, so that its answer still counts. */
const lastLook = 300;

/** For so long, in milliseconds, a 404 where something is waited for is a claim, which a gateway can make: it is looked at again. */
const longestClaim = 3_000;

/** The share of the time already waited that one more interval may be: just within the goals at 2, 8 and 30 s. */
const share = 1 / 18.8;

/**
 * Milliseconds from one look to the next: about a twentieth of the time already waited, from 0.2 s to 2.5 s. The end is then
 * noticed within some 5 % of the whole, and 300 s cost some 170 looks.
 *
 * @param random from 0 to 1: ten per cent of jitter around the interval keeps several hosts from asking in step
 */
export function interval(elapsed: number, random: number): number {
  return Math.min(Math.max(elapsed * share, shortest), longest) * (0.9 + 0.2 * random);
}

/**
 * Looks until the verdict is `done`, the scope's deadline strikes, or the operation is cancelled.
 *
 * @throws WaitExpired at the deadline: what was seen, how often, for how long, and where
 */
export function waitFor<T, R>(scope: Scope, wait: Wait<T, R>): Promise<R> {
  return asPart(scope.activity, "wait", wait.what, (activity) => untilDone(scope, wait, activity));
}

async function untilDone<T, R>(scope: Scope, wait: Wait<T, R>, activity: Activity | undefined): Promise<R> {
  const started = clock.elapsed();
  const elapsed = () => clock.elapsed() - started;
  let looks = 0;
  let last = "nothing yet";
  let trouble: Error | undefined;
  let missingSince: number | undefined;
  let isNews = !wait.isAnnounced;
  const pace = new Pace();
  const detail = new WaitDetail(wait, scope.signal);
  const options: LookOptions = { signal: scope.signal, onTrouble: (error) => (trouble = error), activity };
  try {
    return await scope.pollers.lend(wait.share, async (next) => {
      const untilNext = () =>
        beforeDeadline(
          wait.pace?.() ?? pace.delay(interval(elapsed(), clock.random()), shortest, elapsed()),
          scope,
        );
      for (let delay = wait.isFresh ? shortest : 0; ; delay = untilNext()) {
        const look = await next((how) => wait.look(how), delay, options).catch((error) => {
          missingSince ??= clock.elapsed();
          if (!hasStatus(error, 404) || clock.elapsed() - missingSince >= longestClaim) throw error;
          trouble = error;
        });
        if (!look) continue;
        const { seen, at } = look;
        missingSince = undefined;
        looks++;
        scope.lookAnew(at);
        trouble = undefined;
        const verdict = await wait.judge(seen, options);
        if ("done" in verdict) {
          if (looks > 1 || wait.isFresh)
            scope.waits.push({ what: wait.what, from: clock.now() - Math.round(elapsed()), to: clock.now() });
          return verdict.done;
        }
        last = verdict.pending;
        activity?.saw(last);
        pace.see(verdict.percent, elapsed());
        scope.progress(`${wait.what} ${last}, ${formatDuration(elapsed())}${detail.text(elapsed())}`, {
          step: isNews,
        });
        isNews = false;
      }
    });
  } catch (error) {
    if (!scope.deadline.hasPassed()) throw error;
    const task = wait.task?.();
    const what = task === undefined ? "" : `task ${task}, `;
    const seen = looks === 0 ? "no answer at all" : `last seen ${last}, ${looks} looks`;
    const lastTrouble = trouble ? `; the last request failed: ${messageOf(trouble)}` : beforeIt(scope, looks);
    throw new WaitExpired(
      `${wait.what}: not done within the timeout of ${scope.deadline.text} (${what}${seen}, waited ${formatDuration(elapsed())}, ${wait.where ?? scope.http.connection.endpoints[0]})${lastTrouble}${goesOn}`,
      { cause: trouble ?? error },
    );
  } finally {
    detail.end();
  }
}

/** What is on record is waited for again. */
export const goesOn = `; the next ${advice.up} goes on waiting`;

/** A wait that has just begun when the time runs out says nothing: what the operation ran into before does. */
function beforeIt({ trouble }: Scope, looks: number): string {
  return looks === 0 && trouble ? `; before that: ${messageOf(trouble)}` : "";
}

function beforeDeadline(planned: number, { deadline }: Scope): number {
  const remaining = deadline.remaining();
  return planned > remaining - lastLook && remaining > lastLook ? remaining - lastLook : planned;
}
