import { clock } from "../../core/data/clock.ts";
import type { Scope } from "../../core/work/scope.ts";
import { type ActionStatus, getNodeAction, hasEnded, type TaskStatus } from "../client.ts";
import { warnOfRisk } from "../plan-warnings.ts";
import { isListedAbsent, lookAtAction, lookAtTasks } from "../shared-looks.ts";
import { lookForAction } from "./evidence.ts";
import { type ActionHandle, isOurs } from "./handle.ts";

/*
 * What was there before a run is read ahead of it; what has come since counts as the run's own. A record of nothing rests on a claim of
 * absence, so it is confirmed, and tells when that was, by the cluster's clock.
 */

/** Milliseconds after which a claim of absence is confirmed by another look. */
const confirmedAfter = 1_000;
/** What the clocks of a cluster's nodes may differ by, and what is lost where times are told to the second: milliseconds. */
const precision = 2_000;

/** What was there before a run, for the record. */
export async function readBefore(scope: Scope, nodeUid: number, action: string): Promise<ActionHandle> {
  const last = (await lookAtAction(scope, nodeUid, action)) ?? (await confirm(scope, nodeUid, action));
  const seenAt = last ? undefined : (await lookAtTasks(scope))?.now;
  const taskBefore = last ? last.taskId : null;
  const record = { nodeUid, action, taskBefore, ...(seenAt !== undefined && { seenAt }) };
  unused(scope).add(keyOf(record));
  return record;
}

/** Not as JSON: an engine may hand a record out with its keys in another order. */
function keyOf({ nodeUid, action, taskBefore, seenAt }: Partial<ActionHandle>): string {
  return [nodeUid, action, taskBefore, seenAt].join(" ");
}

/** Records that this process has made, and no run has begun with yet. */
function unused({ http }: Scope): Set<string> {
  return http.installation.note("records of what was there before", () => new Set<string>());
}

/**
 * Whether the record was made in this process, and this is the first run that begins with it: then nothing can have been sent for it
 * before, and whatever has ended is not its own.
 */
export function isFirstWith(scope: Scope, record: Partial<ActionHandle>): boolean {
  return unused(scope).delete(keyOf(record));
}

async function confirm(scope: Scope, nodeUid: number, action: string): Promise<ActionStatus | undefined> {
  await clock.pause(confirmedAfter, scope.signal);
  // The lists are read once for all that ask.
  if (await isListedAbsent(scope, nodeUid, action)) return undefined;
  const found = await lookForAction(scope.http, nodeUid, action, scope);
  return "landed" in found ? found.landed : undefined;
}

/**
 * Whether an action that has ended counts as the run's own, by the record of what was there before; that it does is said, with its task
 * and time. One that was asked for before the record was made does not.
 */
export async function countsAsOwn(
  scope: Scope,
  ended: ActionStatus,
  { seenAt }: Pick<ActionHandle, "seenAt">,
): Promise<boolean> {
  const counted = await describeCounted(scope, ended, seenAt);
  if (counted) warnOfRisk(scope, counted);
  return counted !== undefined;
}

/** The same ahead, for a preview. Undefined: nothing that has ended would count. */
export async function foreseeCounted(scope: Scope, handle: ActionHandle): Promise<string | undefined> {
  if (unused(scope).has(keyOf(handle))) return undefined;
  const now = await getNodeAction(scope.http, handle.nodeUid, handle.action, scope);
  if (!now || !hasEnded(now) || now.status !== "completed" || !isOurs(now, handle)) return undefined;
  return describeCounted(scope, now, handle.seenAt);
}

async function findTask(scope: Scope, { taskId }: ActionStatus): Promise<TaskStatus | undefined> {
  if (taskId === undefined) return undefined;
  const listed = await lookAtTasks(scope);
  return listed?.tasks.find((task) => task.taskId === taskId);
}

/** Undefined: it was asked for before the record was made. */
async function describeCounted(
  scope: Scope,
  ended: ActionStatus,
  seenAt: number | undefined,
): Promise<string | undefined> {
  const { nodeUid, name, status, taskId } = ended;
  const createdAt = (await findTask(scope, ended))?.createdAt;
  if (createdAt !== undefined && seenAt !== undefined && createdAt < seenAt - precision) return undefined;
  const at = createdAt === undefined ? "" : `, asked for at ${new Date(createdAt).toISOString()}`;
  // What has ended badly is run again without that.
  const cure = status === "completed" ? "; to run it once more, change triggers" : "";
  return `node ${nodeUid} ${name} counts as run already: task ${taskId ?? "unknown"}, ${status}${at}, came after what was there before this run${cure}`;
}
