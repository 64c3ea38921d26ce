import { firstOf, unwanted } from "../data/abort.ts";
import type { CallOptions } from "../http/call.ts";

/** The first is made after this long, and then this often, in milliseconds: 300 s cost some twenty requests. */
const [firstLook, pause] = [3_000, 15_000];

/**
 * What a person would like to see beside the verdict of a wait. It is for the eye only: the wait goes on meanwhile, and that it
 * cannot be had just now is no trouble.
 */
export class WaitDetail {
  private readonly look: ((options: CallOptions) => Promise<string>) | undefined;
  private readonly signal: AbortSignal;
  private readonly ended = new AbortController();
  private due = firstLook;
  private isLooking = false;
  private seen = "";

  constructor({ detail }: { detail?(options: CallOptions): Promise<string> }, signal: AbortSignal) {
    this.look = detail;
    this.signal = signal;
  }

  /** The last detail with a comma before it, or nothing so far. Has another one looked for when it is time. */
  text(elapsed: number): string {
    if (this.look && !this.isLooking && elapsed >= this.due) {
      this.due = elapsed + pause;
      void this.refresh(this.look);
    }
    return this.seen;
  }

  end(): void {
    this.ended.abort(unwanted);
  }

  private async refresh(look: (options: CallOptions) => Promise<string>): Promise<void> {
    this.isLooking = true;
    const signal = firstOf([this.signal, this.ended.signal]);
    try {
      this.seen = `, ${await look({ signal, patience: "once", onTrouble: () => {} })}`;
    } catch {
      // The next one may be luckier.
    } finally {
      this.isLooking = false;
    }
  }
}
