import type { ActionRun } from "./action-run.ts";
import type { Actions } from "./actions.ts";

/** The last run of one action on one node, and what may happen to it. */
export class RedisActionHandle {
  private readonly nodeUid: number;
  private readonly name: string;
  private readonly actions: Actions;

  constructor(nodeUid: number, name: string, actions: Actions) {
    this.nodeUid = nodeUid;
    this.name = name;
    this.actions = actions;
  }

  /** `undefined` when there is none. */
  get status(): string | undefined {
    return this.found()?.status;
  }

  get progress(): number | undefined {
    return this.found()?.progress;
  }

  get taskId(): string | undefined {
    return this.found()?.taskId;
  }

  finish(): void {
    this.run().finish();
  }

  fail(errorCode = "internal_error", errorMessage = "failed by the test"): void {
    this.run().stop("failed", { errorCode, errorMessage });
  }

  abort(): void {
    this.run().stop("aborted");
  }

  /** Its status is gone (404); what it did so far stays. */
  vanish(): void {
    this.actions.forget(this.run());
  }

  /** Another task takes its place: another task id, and an unfinished run starts from 0 again. */
  replaceTask(taskId: string): void {
    this.actions.replace(this.run(), taskId);
  }

  /** Reports this status until it ends; `undefined`: the documented ones again. */
  sayStatus(word: string | undefined): void {
    this.run().statusWord = word;
  }

  /** Progress reads 0 until the end, as maintenance_off does on live clusters. */
  freezeProgress(): void {
    this.run().frozenProgress = true;
  }

  private found(): ActionRun | undefined {
    this.actions.settle();
    return this.actions.find(this.nodeUid, this.name);
  }

  private run(): ActionRun {
    const run = this.found();
    if (!run) throw new Error(`there is no ${this.name} on node ${this.nodeUid}`);
    return run;
  }
}
