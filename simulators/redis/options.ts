import type { SimulatorOptions } from "../core/simulator.ts";

/** A Redis Enterprise Software cluster. Where the vendor's pages leave a behaviour open, an option chooses it. */
export interface RedisOptions extends SimulatorOptions {
  /** Number of nodes, with the uids 1 to n; default 3. */
  nodes?: number;
  /** The nodes one by one, in place of their number: a cluster that looks like another one. */
  layout?: NodeLayout[];
  /** Shards that each node starts with, alternately masters and replicas of the databases 1 to 3; default 4. */
  shardsPerNode?: number;
  /** Default "8.2.0-25". `GET /v4/cluster/health` exists from 8.0.16 on. */
  softwareVersion?: string;
  /** How long an action takes from POST to its end, in ms: for all, or by name (`{ maintenance_on: 300, remove: 2000 }`); default 300. */
  actionMs?: number | Record<string, number>;
  /** How long "cancelling" lasts; default a fifth of the action's duration. */
  cancelMs?: number;
  /** Each node listens on its own port, and all but the leader answer 307 towards it; default false: one port, the leader's. */
  endpointPerNode?: boolean;
  /** Uid of the first leader (primary node); default 1. */
  leader?: number;
  /**
   * Uids whose node status says `role: "master"` at first; default only the leader. `enslave_node` makes it "slave", but with
   * `demote_node: true` only.
   */
  masterNodes?: number[];
  /** The nodes' `addr` fields; default 127.0.0.1 with `endpointPerNode`, else 10.0.0.<uid>. */
  addrs?: string[];
  /** Shape of `GET /v1/nodes/actions`, which the vendor does not show; default "object": `{ "actions": [...] }`. */
  allActionsShape?: "object" | "array";
  /** How a node's status writes its master and replica shards; default "numbers": a list of uids. "none": not at all. */
  statusShards?: "numbers" | "strings" | "count" | "none";
  /**
   * `max_listeners` of a node in maintenance, which no page documents; default: 0 where `/v4/cluster/health` shows maintenance, and
   * unchanged before 8.0.16, where a client would rely on it.
   */
  maintenanceListeners?: "kept" | "zero";
  /** What `GET /v4/cluster/health` answers in place of the health; 503 is documented. */
  healthStatus?: number;
  /** Body keys that a POST of an action answers with 400, as a server does that does not know them; default none. */
  refusedParameters?: string[];
  /** Body keys that are accepted and have no effect, as with another server that does not know them; default none. */
  ignoredParameters?: string[];
  /** How progress is written: "float" since 7.4.2, "int" before, "string" as seen on live clusters; default "float". */
  progressAs?: "float" | "int" | "string";
  /** Whether `GET .../actions/{action}` shows the progress; the documented sample does not; default true. */
  progressInSingle?: boolean;
  /** Whether lists show the task id; the documented sample does not; default false. */
  taskIdInLists?: boolean;
  /** Whether one action of a kind may run per node or in the whole cluster before 409; default "node". */
  conflictScope?: "node" | "cluster";
  /** Whether POST answers with status and task id, or with nothing ("may provide additional action details"); default "details". */
  postAnswer?: "details" | "empty";
  /** Status for an unknown action; default 404. */
  unknownActionStatus?: 400 | 404;
  /** maintenance_on refuses when the other nodes that are up are no majority; default true. */
  quorumCheck?: boolean;
  /** Whether that refusal is a failed action or a 400; default "failed". */
  quorumRefusal?: "failed" | "error";
  /** Only half of the shards fit elsewhere; how maintenance_on then ends; default: all fit. */
  insufficientResources?: "failed" | "completed";
  /** How maintenance_off ends when its snapshot is missing; the node stays in maintenance either way; default "completed". */
  missingSnapshot?: "completed" | "failed";
  /** skip_shards_restore leaves the snapshot behind (RS122458, before 7.22.0-216); default false. */
  leaksSnapshot?: boolean;
  /** Whether `GET .../snapshots` lists maintenance snapshots; default true. */
  listsMaintenanceSnapshots?: boolean;
  /** `wait_for_persistence` makes a removal this many times longer; default 1.5. */
  persistenceFactor?: number;
}

/** One node as it is at first. */
export interface NodeLayout {
  uid: number;
  /** Default: as `addrs`. */
  addr?: string;
  /** Default: `shardsPerNode`. */
  shards?: number;
  /** How many of them are masters; default: every other one. */
  masters?: number;
}

/** The course of the next action, if it is not to succeed. Used up by the first POST that matches. */
export interface ActionPlan {
  action?: string;
  nodeUid?: number;
  /** How it ends; default "completed". */
  outcome?: "completed" | "failed" | "aborted" | "cancelled";
  errorCode?: string;
  errorMessage?: string;
  /** How far it gets before an outcome other than "completed", 0 to 1; default 0.5. */
  reaches?: number;
  /** Its own duration. */
  actionMs?: number;
  /** Stays at `reaches` until `finish`, `fail` or `abort` is called. */
  held?: boolean;
  /** Progress reads 0 until the end. */
  frozenProgress?: boolean;
  /** Reported instead of "running". */
  statusWord?: string;
}
