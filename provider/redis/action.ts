import { formatDuration } from "../core/duration.ts";
import { hasStatus, Refusal, RunFailed } from "../core/errors.ts";
import { once } from "../core/once.ts";
import type { Scope } from "../core/scope.ts";
import { type Verdict, waitFor } from "../core/wait.ts";
import {
  cancelNodeAction,
  getNodeAction,
  hasEnded,
  listAllNodeActions,
  type NodeAction,
  startNodeAction,
} from "./client.ts";

/** One action on one node that is to happen once. */
export interface Intent {
  nodeUid: number;
  /** As in the URL, e.g. `maintenance_on`. */
  action: string;
  parameters: Record<string, unknown>;
}

/** What tells our action from an older or another one; recorded before the wait, and before the request is sent. */
export interface ActionHandle extends Record<string, unknown> {
  action: string;
  /** The task that stood there before our request, or null for none: any other one came after it. */
  taskBefore?: string | null;
  /** Our task. */
  taskId?: string;
}

/** How an action ended. Undefined status: the server no longer knows; the node itself must tell. */
export type Outcome = { status: string | undefined } & Partial<NodeAction>;

/**
 * Starts the action, or joins the one that is running, and waits for its end. One POST at most per intent.
 *
 * @param handle of an earlier, unfinished attempt at the same intent: an action that has ended since is then recognised
 */
export async function performAction(scope: Scope, intent: Intent, handle?: ActionHandle): Promise<Outcome> {
  const { nodeUid, action, parameters } = intent;
  const before = await getNodeAction(scope.http, nodeUid, action, scope);
  if (before && !hasEnded(before)) return join(scope, before);
  if (before && handle && isOurs(before, handle)) return concluded(before, "when looked for again");
  const taskBefore = before?.taskId ?? null;
  scope.keep({ action, taskBefore } satisfies ActionHandle);
  const started = await once(scope, {
    send: () => startOrFind(scope, intent, parameters),
    landed: async () => {
      const now = await getNodeAction(scope.http, nodeUid, action, scope);
      return now && (!hasEnded(now) || isOurs(now, { action, taskBefore })) ? now : undefined;
    },
  }).catch((error) => {
    if (error instanceof Refusal || error.effect === "no") scope.forget();
    throw error;
  });
  return join(scope, started);
}

/** The task is the recorded one, or, where the answer to our request never came, one that was not there before it. */
export function isOurs({ taskId }: NodeAction, { taskId: ours, taskBefore }: ActionHandle): boolean {
  if (ours !== undefined) return taskId === ours;
  return taskBefore !== undefined && taskId !== undefined && taskId !== taskBefore;
}

/** 409 means that one is running: it is joined, or named when it is on another node. */
async function startOrFind(
  scope: Scope,
  { nodeUid, action }: Intent,
  parameters: Record<string, unknown>,
): Promise<NodeAction> {
  try {
    return await startNodeAction(scope.http, nodeUid, action, parameters, scope);
  } catch (error) {
    if (!hasStatus(error, 409)) throw error;
    const mine = await getNodeAction(scope.http, nodeUid, action, scope);
    if (mine && !hasEnded(mine)) return mine;
    const others = (await listAllNodeActions(scope.http, scope)).filter((other) => !hasEnded(other));
    const whose = others.map((other) => `node ${other.nodeUid} ${other.name} ${other.status}`).join(", ");
    throw new Refusal(
      "nodeUid",
      `${action} was refused (409): ${whose ? `running now: ${whose}` : error.message}; nothing was started`,
    );
  }
}

/** Waits for the end of a running action. Waits on one cluster share one list request per tick. */
async function join(scope: Scope, started: NodeAction): Promise<Outcome> {
  const { nodeUid, name: action } = started;
  const { http } = scope;
  let { taskId } = started;
  let missing = 0;
  const keep = () => scope.keep({ action, taskId } satisfies ActionHandle, { taskId });
  keep();
  const began = performance.now();

  async function judge(seen: NodeAction[] | undefined): Promise<Verdict<Outcome>> {
    const listed = seen?.find((item) => item.nodeUid === nodeUid && item.name === action);
    if (listed && !hasEnded(listed) && (listed.taskId ?? taskId) === taskId)
      return { pending: words(listed) };
    // The list only says that something changed: the documented word on one action is its own resource.
    const now = await getNodeAction(http, nodeUid, action, scope);
    if (!now) {
      // One miss may be a change of leader; a status that stays away has been removed, or replaced with its node.
      return ++missing < 3 ? { pending: "not listed" } : { done: { status: undefined, taskId } };
    }
    missing = 0;
    if (now.taskId !== undefined && now.taskId !== taskId) {
      if (taskId !== undefined)
        scope.warn(
          `${action} task ${taskId} was replaced by ${now.taskId}: somebody started it again; waiting for that one`,
        );
      taskId = now.taskId;
      keep();
    }
    return hasEnded(now) ? { done: now } : { pending: words(now) };
  }

  const outcome = await waitFor(scope, {
    what: `node ${nodeUid} ${action}`,
    share: `${http.connection.identity} /v1/nodes/actions`,
    look: async (how) => {
      try {
        return await listAllNodeActions(http, { ...how, patience: "patient" });
      } catch (error) {
        // The list of all nodes is the economical way, not the only one.
        if (hasStatus(error, 404, 405)) return undefined;
        throw error;
      }
    },
    judge,
  });
  return concluded(
    outcome,
    `after ${formatDuration(performance.now() - began)}, ${http.connection.endpoints[0]}`,
  );
}

function words({ status, progress }: Pick<NodeAction, "status" | "progress">): string {
  return progress === undefined ? status : `${status} ${Math.round(progress)} %`;
}

/**
 * The outcome, unless it is a failure: `maintenance_on failed: insufficient_resources: ... (task 38c7..., last seen failed
 * 40 % after 3m12s, https://host:9443)`.
 */
function concluded(outcome: Outcome, when: string): Outcome {
  const { name, status, errorCode, errorMessage, taskId, progress } = outcome;
  if (status === undefined || status === "completed") return outcome;
  const why = [errorCode, errorMessage].filter(Boolean).join(": ");
  const seen = `last seen ${words({ status, progress })} ${when}`;
  throw new RunFailed(
    `${name} ${status}${why && `: ${why}`} (task ${taskId ?? "unknown"}, ${seen}); the next pulumi up runs it again`,
    { taskId, status, progress, errorCode, errorMessage },
  );
}

/** Cancels the action if it is still going on, and waits until it has ended, one way or the other. */
export async function stopAction(scope: Scope, nodeUid: number, action: string): Promise<void> {
  const running = await getNodeAction(scope.http, nodeUid, action, scope);
  if (!running || hasEnded(running)) return;
  if (running.status !== "cancelling") {
    await once(scope, {
      send: () => cancelNodeAction(scope.http, nodeUid, action, scope),
      landed: async () => {
        const now = await getNodeAction(scope.http, nodeUid, action, scope);
        return !now || hasEnded(now) || now.status === "cancelling" || undefined;
      },
    });
  }
  await waitFor(scope, {
    what: `node ${nodeUid} ${action} cancelling`,
    look: (how) => getNodeAction(scope.http, nodeUid, action, { ...how, patience: "patient" }),
    judge: (now) => (!now || hasEnded(now) ? { done: true } : { pending: words(now) }),
  });
}
