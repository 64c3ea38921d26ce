import { Refusal } from "../../core/data/errors.ts";
import type { Failure } from "../../core/data/inputs.ts";
import { withoutUndefined } from "../../core/data/values.ts";
import type { Node } from "../nodes-client.ts";
import type { NodeMaintenanceInputs } from "./inputs.ts";
import { isAtLeast } from "./state.ts";

/** Version that brought snapshots, `evict_*` and `overwrite_snapshot` (release notes 7.4.2). */
const evictionVersion = "7.4.2";

/**
 * The body of `maintenance_on`. Defaults are left out: servers before 7.4.2 do not know them.
 *
 * @param isFresh nothing has been moved yet: only then is a new snapshot one of the node as it was
 */
export function onParameters(
  inputs: NodeMaintenanceInputs,
  { isFresh }: { isFresh: boolean },
): Record<string, unknown> {
  return withoutUndefined({
    overwrite_snapshot: inputs.overwriteSnapshot && isFresh ? true : undefined,
    evict_ha_replica: inputs.evictHaReplica === false ? false : undefined,
    evict_active_active_replica: inputs.evictActiveActiveReplica === false ? false : undefined,
    // "List of database ID strings".
    evict_dbs: inputs.evictDbs?.map(String),
    keep_slave_shards: inputs.keepSlaveShards ? true : undefined,
    // Of the vendor's generated client and of rladmin; no page of the REST API names it.
    demote_node: inputs.demoteNode ? true : undefined,
  });
}

/** The body of `maintenance_off`. */
export function offParameters({
  snapshotName,
  skipShardsRestore,
}: NodeMaintenanceInputs): Record<string, unknown> {
  return withoutUndefined({
    snapshot_name: snapshotName,
    skip_shards_restore: skipShardsRestore ? true : undefined,
  });
}

/** What is wrong with the parameters whatever the server's version. */
export function checkParameters({
  evictDbs = [],
  snapshotName,
  skipShardsRestore,
}: NodeMaintenanceInputs): Failure[] {
  // rladmin takes names and db:1 as well, the REST API documents ids.
  const ids = evictDbs.map(String);
  const failures = evictDbs.flatMap((id, index) => {
    const first = ids.indexOf(String(id));
    const reason =
      databaseFailure(id) ?? (first < index ? `is given twice: it is evictDbs[${first}] too` : "");
    return reason ? [{ property: `evictDbs[${index}]`, reason: `${JSON.stringify(id)} ${reason}` }] : [];
  });
  if (snapshotName === undefined || !skipShardsRestore) return failures;
  return [...failures, { property: "skipShardsRestore", reason: "and snapshotName exclude each other" }];
}

function databaseFailure(id: string | number): string | undefined {
  if (typeof id === "number" && Number.isInteger(id) && !Number.isSafeInteger(id))
    return `is beyond 2^53, where numbers are rounded: write it as text, "..."`;
  return /^[1-9]\d*$/.test(String(id)) ? undefined : `is not a database's id, such as 1 or "1"`;
}

/** Whether the node is to be empty afterwards. */
export function drains(inputs: NodeMaintenanceInputs): boolean {
  const {
    evictHaReplica = true,
    evictActiveActiveReplica = true,
    evictDbs,
    keepSlaveShards = false,
  } = inputs;
  return evictHaReplica && evictActiveActiveReplica && evictDbs === undefined && !keepSlaveShards;
}

/** What a server before 7.4.2 does with a parameter it does not know is not documented: it is not sent there. */
export function checkVersion(inputs: NodeMaintenanceInputs, node: Node): void {
  if (isAtLeast(node, evictionVersion) !== false) return;
  const tooNew = Object.entries({
    overwriteSnapshot: inputs.overwriteSnapshot,
    evictHaReplica: inputs.evictHaReplica === false,
    evictActiveActiveReplica: inputs.evictActiveActiveReplica === false,
    evictDbs: inputs.evictDbs,
  }).find(([, isUsed]) => isUsed);
  if (tooNew) {
    throw new Refusal(
      tooNew[0],
      `needs Redis Enterprise ${evictionVersion}, node ${node.nodeUid} runs ${node.softwareVersion}: use keepSlaveShards there, or leave it out`,
    );
  }
}
