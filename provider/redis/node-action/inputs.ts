import type { RunInputs } from "../../core/lifecycle/run.ts";

/** One run of a node action that has no resource of its own (page "Node actions requests"). */
export interface NodeActionInputs extends RunInputs {
  /** The node's uid, as `rladmin status nodes` shows it. @minimum 1 @asType integer */
  nodeUid: number;
  /** As in the vendor's URL, e.g. `enslave_node`. @pattern ^[a-z][a-z0-9_]*$ */
  action: string;
  /** The request's body, in the vendor's spelling, e.g. `{ wait_for_persistence: true }`. Default: `{}`. */
  parameters?: { [name: string]: unknown };
  /** When `timeout` runs out: `leave` it running (the next `up` goes on waiting), or `cancel` it. @default leave */
  onTimeout?: "leave" | "cancel";
  /**
   * For `maintenance_on` and `remove`, which take the node away: go ahead although another node is in maintenance (or may be), being
   * removed, handing its shards over, or down. The cluster itself does not look. @default false
   */
  allowOtherNodesUnavailable?: boolean;
}

export interface NodeActionOutputs {
  /** The task that the cluster made of it. */
  taskId?: string;
  /** `completed` once it has ended well. */
  status: string;
  /** Percent, as last reported. */
  progress?: number;
  /** Of a run that ended badly: `internal_error`, `insufficient_resources`, or another code. */
  errorCode?: string;
  /** Of a run that ended badly, in the cluster's words. */
  errorMessage?: string;
}
