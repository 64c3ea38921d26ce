import type { Ids } from "../core/ids.ts";
import { ActionRun } from "./action-run.ts";
import type { Cluster, NodeState } from "./cluster.ts";
import type { ActionPlan } from "./options.ts";
import { workOf } from "./works.ts";

/** The node actions of a cluster: the last run of each kind on each node, as the vendor keeps them. */
export class Actions {
  private readonly cluster: Cluster;
  private readonly now: () => number;
  private readonly ids: Ids;
  private readonly plans: ActionPlan[] = [];
  private runs: ActionRun[] = [];

  constructor(cluster: Cluster, now: () => number, ids: Ids) {
    this.cluster = cluster;
    this.now = now;
    this.ids = ids;
  }

  plan(plan: ActionPlan): void {
    this.plans.push(plan);
  }

  forgetPlans(): void {
    this.plans.length = 0;
  }

  /** Updates everything to the present; the actions of a removed node are removed too. */
  settle(): void {
    for (const run of this.runs) run.settle(this.now());
    this.runs = this.runs.filter((run) => this.cluster.nodes.has(run.nodeUid));
  }

  list(nodeUid?: number): ActionRun[] {
    return this.runs.filter((run) => nodeUid === undefined || run.nodeUid === nodeUid);
  }

  find(nodeUid: number, action: string): ActionRun | undefined {
    return this.runs.find((run) => run.nodeUid === nodeUid && run.action === action);
  }

  /** The run that a POST of this action is answered 409 for. */
  running(nodeUid: number, action: string): ActionRun | undefined {
    const clusterWide = this.cluster.options.conflictScope === "cluster";
    return this.runs.find(
      (run) => !run.ended && run.action === action && (clusterWide || run.nodeUid === nodeUid),
    );
  }

  /** Starts it, in place of the last run of its kind. @returns `undefined` for an unknown action. */
  start(node: NodeState, action: string, parameters: Record<string, unknown>): ActionRun | undefined {
    const work = workOf(action, this.cluster, node, parameters, this.now);
    if (!work) return undefined;
    const plan = this.takePlan(node.uid, action);
    const longer =
      parameters.wait_for_persistence === true ? (this.cluster.options.persistenceFactor ?? 1.5) : 1;
    const durationMs = (plan.actionMs ?? this.durationOf(action)) * longer;
    const cancelMs = this.cluster.options.cancelMs ?? durationMs / 5;
    const what = { action, nodeUid: node.uid, taskId: this.ids.uuid() };
    const run = new ActionRun(what, work, plan, { startedAt: this.now(), durationMs, cancelMs });
    const before = this.find(node.uid, action);
    if (before) this.forget(before);
    this.runs.push(run);
    return run;
  }

  replace(run: ActionRun, taskId: string): void {
    run.replace(taskId, this.now());
  }

  forget(run: ActionRun): void {
    this.runs = this.runs.filter((it) => it !== run);
  }

  /** Forgets every action, and stops the running ones. */
  forgetAll(): void {
    this.runs = [];
  }

  private durationOf(action: string): number {
    const { actionMs = 300 } = this.cluster.options;
    return typeof actionMs === "number" ? actionMs : (actionMs[action] ?? 300);
  }

  private takePlan(nodeUid: number, action: string): ActionPlan {
    const index = this.plans.findIndex(
      (plan) => (plan.action ?? action) === action && (plan.nodeUid ?? nodeUid) === nodeUid,
    );
    return index < 0 ? {} : (this.plans.splice(index, 1)[0] ?? {});
  }
}
