/** Looks ahead of the plan that may be in vain before the reported progress is no longer believed. */
const patience = 3;

/**
 * When work will be done, guessed from the progress that it reports. A guess only brings one look forward: progress may stand
 * still, at 0 % until the end or at 99 %, and no look is left out for it.
 */
export class Pace {
  private first: { percent: number; at: number } | undefined;
  private last: { percent: number; at: number } | undefined;
  private vain = 0;
  private early = Number.POSITIVE_INFINITY;

  /** What a look at the work has found. `at`: milliseconds on any clock. */
  see(percent: number | undefined, at: number): void {
    // Whoever shares the look may have come before.
    if (at >= this.early) this.vain++;
    if (percent === this.last?.percent) return;
    // Work that says nothing any more, or has gone back, is measured anew.
    if (percent === undefined || (this.last && percent < this.last.percent)) this.first = undefined;
    if (percent === undefined) {
      this.last = undefined;
      return;
    }
    this.first ??= { percent, at };
    this.last = { percent, at };
  }

  /** The delay until the next look: as planned, or sooner when the end is to be expected sooner. */
  delay(planned: number, shortest: number, now: number): number {
    const end = this.expectedEnd();
    const early = end === undefined ? planned : Math.max(end - now, shortest);
    const isEarly = early < planned && this.vain < patience;
    this.early = isEarly ? now + early : Number.POSITIVE_INFINITY;
    return isEarly ? early : planned;
  }

  private expectedEnd(): number | undefined {
    const { first, last } = this;
    if (!first || !last || last.at === first.at) return undefined;
    const speed = (last.percent - first.percent) / (last.at - first.at);
    return last.at + (100 - last.percent) / speed;
  }
}
