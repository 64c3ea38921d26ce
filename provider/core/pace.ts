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
  private isEarly = false;

  /** What a look at the work has found. `at`: milliseconds on any clock. */
  see(percent: number | undefined, at: number): void {
    if (this.isEarly) this.vain++;
    if (percent === undefined || percent === this.last?.percent) return;
    // Work that has gone back is measured anew.
    if (this.last && percent < this.last.percent) this.first = undefined;
    this.first ??= { percent, at };
    this.last = { percent, at };
  }

  /** The delay until the next look: as planned, or sooner when the end is to be expected sooner. */
  delay(planned: number, shortest: number, now: number): number {
    const end = this.expectedEnd();
    const early = end === undefined ? planned : Math.max(end - now, shortest);
    this.isEarly = early < planned && this.vain < patience;
    return this.isEarly ? early : planned;
  }

  private expectedEnd(): number | undefined {
    const { first, last } = this;
    if (!first || !last || last.at === first.at) return undefined;
    const speed = (last.percent - first.percent) / (last.at - first.at);
    return last.at + (100 - last.percent) / speed;
  }
}
