import { clock } from "../../core/data/clock.ts";
import { type ActionStatus, hasEnded } from "../client.ts";

/** How a run that goes well goes on, by the documented statuses. */
const order = ["queued", "starting", "running", "completed"];
/** Milliseconds without a look in which another one may have come so far, unseen. */
const longestGap = 5_000;

/**
 * Whether what a list without task ids shows is one and the same run, from its request to its end: nothing stood there before, so
 * that no older one can come back, and looks in quick succession never show it further back, where another one would have begun
 * from nothing.
 */
export class UnbrokenRun {
  private last: ActionStatus | undefined;
  private isBroken: boolean;
  private readonly now: () => number;
  private seenAt: number;

  /**
   * @param taskBefore what stood there before the request; null: nothing
   * @param now milliseconds on any clock
   */
  constructor(taskBefore: string | null | undefined, now = () => clock.elapsed()) {
    this.isBroken = taskBefore !== null;
    this.now = now;
    this.seenAt = now();
  }

  see(listed: ActionStatus | undefined): void {
    const { last, seenAt } = this;
    this.seenAt = this.now();
    this.isBroken ||= this.seenAt - seenAt > longestGap;
    this.isBroken ||=
      !listed || !order.includes(listed.status) || (last !== undefined && isBehind(listed, last));
    if (listed && !hasEnded(listed)) this.last = listed;
  }

  /** It has to have been seen on its way, so far that a new beginning would have shown. */
  get isOne(): boolean {
    return !this.isBroken && (this.last?.progress ?? 0) > 0;
  }
}

function isBehind(now: ActionStatus, last: ActionStatus): boolean {
  if (order.indexOf(now.status) < order.indexOf(last.status)) return true;
  return !hasEnded(now) && (now.progress ?? 0) < (last.progress ?? 0);
}
