import type { GoldenState } from "./states.ts";

/** What a recorded state costs, in mutating requests, when today's code resumes it. */
export interface Expected {
  /** `up` while what was under way runs on, and ends well a moment later. Left out where nothing is under way. */
  during?: number;
  /** `up` after it has ended. Left out of what is finished. */
  later?: number;
  /** `up` after it has failed, where that can be seen. */
  badly?: { mutating: number; fails: boolean };
  /** Deleted as it was recorded. */
  deleted: number;
  /** Inputs that a preview would refuse if the stack had lost it. */
  refused?: string[];
  /** A refresh finds nothing of it, so that the next `up` creates it. */
  isGone?: true;
}

/** Finished: a delete only forgets, but for these. */
const undone: Record<string, number> = {
  "redis:NodeMaintenance": 1,
};
const undoneState: Record<string, number> = {
  // A roll that is deleted takes its node out again.
  "redis:MaintenanceStep: finished: entered": 1,
};

const refused: Record<string, string[]> = {
  // Two clusters are passive: only what was recorded tells which of them it is.
  "tcf:ClusterRole: finished: passive, without cluster": ["cluster"],
  // An id does not tell it either: it may mean another cluster in each cluster's list.
  "tcf:ClusterRole: finished: passive, by id": ["cluster"],
  // The node is in maintenance, and nothing tells any more that it is by this roll: it would end what may be somebody else's.
  "redis:MaintenanceStep: finished: entered": ["nodeUid"],
  // A servlet container refuses a path with the slash of this id, and the page has no body form.
  "aspire:CrawlFailure: finished": ["seedId"],
};

/** What is unfinished or has failed, one by one. */
const unfinished: Record<string, Expected> = {
  // A delete cancels maintenance_on, and takes the node out: by then it is half-way in.
  "redis:NodeMaintenance: unfinished: maintenance_on runs": {
    during: 0,
    later: 0,
    // Left half way, it is sent again at once, as the page allows.
    badly: { mutating: 1, fails: false },
    deleted: 2,
  },
  "redis:NodeMaintenance: unfinished: no answer to maintenance_on": {
    during: 0,
    later: 0,
    badly: { mutating: 1, fails: false },
    deleted: 2,
  },
  // A failed action is run again, once.
  "redis:NodeMaintenance: failed half way": { later: 1, deleted: 1 },
  // An activation on top of a completed one would stack: it only reads whether the shards have left by now.
  "redis:NodeMaintenance: failed: completed, and shards left on the node": { later: 0, deleted: 1 },
  "redis:MaintenanceStep: unfinished: maintenance_on runs": {
    during: 0,
    later: 0,
    badly: { mutating: 1, fails: false },
    deleted: 2,
  },
  "redis:MaintenanceStep: unfinished: maintenance_off runs": {
    during: 0,
    later: 0,
    badly: { mutating: 1, fails: false },
    deleted: 0,
  },
  "redis:MaintenanceStep: failed half way": { later: 1, deleted: 1 },
  // A delete cancels a removal that still runs.
  "redis:NodeRemoval: unfinished: remove runs": {
    during: 0,
    later: 0,
    badly: { mutating: 0, fails: true },
    deleted: 1,
  },
  "redis:NodeRemoval: failed": { later: 1, deleted: 0 },
  "redis:ReplicaNode: unfinished: enslave_node runs": {
    during: 0,
    later: 0,
    // Its failure is reported first: each enslave_node fails shards over. The next up sends it again.
    badly: { mutating: 0, fails: true },
    deleted: 0,
  },
  // It is no replica, and nothing is under way.
  "redis:ReplicaNode: failed": { later: 1, deleted: 0, isGone: true },
  // So does a delete of a run: the action is cancelled.
  "redis:NodeAction: unfinished: the action runs": {
    during: 0,
    later: 0,
    badly: { mutating: 0, fails: true },
    deleted: 1,
  },
  "redis:NodeAction: unfinished: the action runs again by triggers": {
    during: 0,
    later: 0,
    badly: { mutating: 0, fails: true },
    deleted: 1,
  },
  "redis:NodeAction: unfinished: no answer to its request": {
    during: 0,
    later: 0,
    badly: { mutating: 0, fails: true },
    deleted: 1,
  },
  "redis:NodeAction: failed": { later: 1, deleted: 0 },
  "redis:NodeAction: failed: cancelled when its time ran out": { later: 1, deleted: 0 },

  // The old one is passive: promote is still to come.
  "tcf:ActiveCluster: unfinished: demote is under way, ids as keys": { during: 1, later: 1, deleted: 0 },
  "tcf:ActiveCluster: unfinished: demote is under way, names as keys": { during: 1, later: 1, deleted: 0 },
  "tcf:ActiveCluster: unfinished on the way back": { during: 1, later: 1, deleted: 0 },
  "tcf:ActiveCluster: unfinished: promote is under way, ids as keys": { during: 0, later: 0, deleted: 0 },
  "tcf:ActiveCluster: unfinished: promote is under way, names as keys": { during: 0, later: 0, deleted: 0 },
  "tcf:ActiveCluster: unfinished: toggle is under way": { during: 0, later: 0, deleted: 0 },
  "tcf:ClusterRole: unfinished: demote is under way, by name": { during: 0, later: 0, deleted: 0 },
  "tcf:ClusterRole: unfinished: demote is under way, without cluster": { during: 0, later: 0, deleted: 0 },
  "tcf:ClusterRole: unfinished: promote is under way, by id": { during: 0, later: 0, deleted: 0 },

  "factfinder:DatabasePrune: unfinished: no answer, but carried out": { later: 0, deleted: 0 },
  // The time in which the request might still take effect is long over.
  "factfinder:DatabasePrune: unfinished: no answer, and not carried out": { later: 1, deleted: 0 },
  // One at a time: the second node had not been asked.
  "factfinder:DatabaseSync: unfinished: the first node reloads": { during: 1, later: 1, deleted: 0 },
  "factfinder:DatabaseSync: unfinished: both nodes reload": { during: 0, later: 0, deleted: 0 },
  "factfinder:DatabaseSync: unfinished: a node does not answer": { later: 1, deleted: 0 },
  "factfinder:NodeSync: unfinished: the node reloads": { during: 0, later: 0, deleted: 0 },

  // Those that were done are left out.
  "aspire:SeedRelease: unfinished: one seed is missing": { later: 1, deleted: 0 },
  "aspire:WorkerRelease: unfinished: one worker is missing": { later: 1, deleted: 0 },
  "aspire:BatchAcknowledgement: unfinished: one batch is missing": { later: 1, deleted: 0 },
};

/** A recorded state with the type that it is of. */
export interface TypedState extends GoldenState {
  type: string;
}

export function titleOf({ type, name }: Pick<TypedState, "type" | "name">): string {
  return `${type}: ${name}`;
}

/** @throws if the expected cost of an unfinished state is not listed */
export function expectedOf(state: TypedState): Expected {
  const title = titleOf(state);
  if (state.outcome === "finished")
    return { deleted: undoneState[title] ?? undone[state.type] ?? 0, refused: refused[title] };
  const found = unfinished[title];
  if (!found) throw new Error(`${title}: its expected cost is not listed in expected.ts`);
  return found;
}

/** The unfinished states that are listed. */
export const expectedTitles: readonly string[] = Object.keys(unfinished);
