import type { ActionPlan } from "./options.ts";

export interface Failure {
  errorCode: string;
  errorMessage: string;
}

/** What an action does to the cluster while it runs. */
export interface Work {
  /** When it starts running. A failure ends it there. */
  begin(): Failure | undefined;
  /** How much is done, 0 to 1; never less than before. */
  step(fraction: number): void;
  /** After the last step. A failure makes it `failed` although all is done that could be. */
  end(): Failure | undefined;
  /** Cancelled, failed or aborted on the way. */
  abandon?(): void;
}

type Terminal = "completed" | "failed" | "aborted" | "cancelled";

/**
 * One execution of a node action: queued -> starting -> running -> completed | failed | aborted, and by DELETE
 * cancelling -> cancelled (objects/action). A tenth of the time it is queued, a tenth starting.
 */
export class ActionRun {
  readonly action: string;
  readonly nodeUid: number;
  taskId: string;
  /** Reported instead of the status. */
  statusWord: string | undefined;
  /** Reported instead of the progress. */
  frozenProgress: boolean;
  /** Stays where it is until it is ended from outside. */
  held: boolean;
  failure: Failure | undefined;
  private readonly work: Work;
  private readonly plan: ActionPlan;
  /** When it was posted. */
  readonly createdAt: number;
  private startedAt: number;
  private readonly durationMs: number;
  private readonly cancelMs: number;
  private begun = false;
  private done = 0;
  private mostDone = 0;
  private phase: "queued" | "starting" | "running" | "cancelling" | Terminal = "queued";
  private cancelledAt: number | undefined;

  constructor(
    what: { action: string; nodeUid: number; taskId: string },
    work: Work,
    plan: ActionPlan,
    time: { startedAt: number; durationMs: number; cancelMs: number },
  ) {
    this.action = what.action;
    this.nodeUid = what.nodeUid;
    this.taskId = what.taskId;
    this.work = work;
    this.plan = plan;
    this.createdAt = time.startedAt;
    this.startedAt = time.startedAt;
    this.durationMs = time.durationMs;
    this.cancelMs = time.cancelMs;
    this.statusWord = plan.statusWord;
    this.frozenProgress = plan.frozenProgress ?? false;
    this.held = plan.held ?? false;
  }

  get status(): string {
    return this.ended ? this.phase : (this.statusWord ?? this.phase);
  }

  /** 0 to 100; 100 only when completed. */
  get progress(): number {
    if (this.phase === "completed") return 100;
    return this.frozenProgress ? 0 : Math.min(99, this.done * 100);
  }

  get ended(): boolean {
    return ["completed", "failed", "aborted", "cancelled"].includes(this.phase);
  }

  /** Updates the run to the present. */
  settle(now: number): void {
    if (this.ended) return;
    if (this.cancelledAt !== undefined) {
      if (now >= this.cancelledAt + this.cancelMs) this.stop("cancelled");
      return;
    }
    const elapsed = now - this.startedAt;
    if (elapsed < this.durationMs * 0.1) return;
    if (this.phase === "queued") this.phase = "starting";
    if (elapsed < this.durationMs * 0.2) return;
    if (!this.begin()) return;
    const runningMs = this.durationMs - this.durationMs * 0.2;
    const fraction = runningMs === 0 ? 1 : (elapsed - this.durationMs * 0.2) / runningMs;
    const outcome = this.plan.outcome ?? "completed";
    const reach = this.held || outcome !== "completed" ? (this.plan.reaches ?? 0.5) : 1;
    this.advance(Math.min(fraction, reach));
    if (fraction < 1 || this.held) return;
    if (outcome === "completed") this.complete();
    else this.stop(outcome, outcome === "failed" ? failureOf(this.plan) : undefined);
  }

  /** Completes it now. */
  finish(): void {
    if (this.ended || !this.begin()) return;
    this.advance(1);
    this.complete();
  }

  /** Fails it now, with what it has done so far. */
  stop(how: "failed" | "aborted" | "cancelled", failure?: Failure): void {
    if (this.ended) return;
    this.phase = how;
    this.failure = failure;
    if (this.begun) this.work.abandon?.();
  }

  /** As if another run had been started in its place: what is done stays done, and progress starts from 0 again. */
  replace(taskId: string, now: number): void {
    this.taskId = taskId;
    if (this.ended) return;
    this.phase = "queued";
    this.startedAt = now;
    this.done = 0;
    this.cancelledAt = undefined;
  }

  /** "Will be cancelled when possible": at once while queued, else by way of cancelling. */
  cancel(now: number): void {
    if (this.phase === "queued") this.stop("cancelled");
    if (this.ended || this.cancelledAt !== undefined) return;
    this.cancelledAt = now;
    this.phase = "cancelling";
  }

  private begin(): boolean {
    this.phase = "running";
    if (this.begun) return true;
    const failure = this.work.begin();
    if (failure) this.stop("failed", failure);
    else this.begun = true;
    return !failure;
  }

  private advance(fraction: number): void {
    this.done = Math.max(this.done, fraction);
    this.mostDone = Math.max(this.mostDone, this.done);
    this.work.step(this.mostDone);
  }

  private complete(): void {
    this.failure = this.work.end();
    this.phase = this.failure ? "failed" : "completed";
  }
}

function failureOf(plan: ActionPlan): Failure {
  return {
    errorCode: plan.errorCode ?? "internal_error",
    errorMessage:
      plan.errorMessage ??
      "An internal error that cannot be mapped to a more precise error code has been encountered.",
  };
}
