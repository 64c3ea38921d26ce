import { Refusal, RunFailed } from "../../core/data/errors.ts";
import { withoutUndefined } from "../../core/data/values.ts";
import { handleOf, type Properties } from "../../core/lifecycle/resource.ts";
import type { Scope } from "../../core/work/scope.ts";
import { nothingSent } from "../../core/work/sent.ts";
import { endUnknown, seekAction } from "../action/evidence.ts";
import { type ActionHandle, isLaterThan, isOurs, isUntold } from "../action/handle.ts";
import { performAction } from "../action/perform.ts";
import { concluded, join } from "../action/wait.ts";
import { type ActionStatus, hasEnded } from "../client.ts";
import { missingNode } from "../node-maintenance/state.ts";
import { refuseBesideNodesAway } from "../nodes-away.ts";
import { warnOfRisk } from "../plan-warnings.ts";
import { byHand, handsOver, isLeader, isReplica, roleOutputs, tellLeader } from "../roles.ts";
import { alone } from "../turns.ts";
import { isSoNow, settled, unlessSo, verify } from "../verify.ts";
import type { ReplicaNodeInputs } from "./inputs.ts";
import {
  announced,
  type Body,
  bodyFor,
  cameToNothing,
  covers,
  nothingMeanwhile,
  notRepeated,
  wouldRepeat,
} from "./request.ts";
import {
  observeReplica,
  type ReplicaPromise,
  type ReplicaState,
  replicaPromised,
  withoutMasters,
} from "./state.ts";

const action = "enslave_node";

/** Whether an attempt is recorded that may not be sent again just like that: it is not finished, or completed in vain. */
export function isOpen(recorded: Properties | undefined): boolean {
  const handle = handleOf(recorded) as Attempt | undefined;
  if (handle === undefined || handle.isOthers) return false;
  return handle.isFutile === true || !("failed" in handle);
}

/** Makes the node a replica. Asks once for each thing that can be asked for, and says what it is about to do. */
export async function becomeReplica(
  scope: Scope,
  inputs: ReplicaNodeInputs,
  observed: ReplicaState | undefined,
  recorded: object | undefined,
): Promise<ReplicaState> {
  const { nodeUid } = inputs;
  if (!observed) throw new Refusal("nodeUid", await missingNode(scope, nodeUid));
  if (isReplica(observed.status)) return seen(scope, observed);
  return alone(scope, nodeUid, action, async () => {
    const handle = handleOf(recorded as Properties | undefined) as Attempt | undefined;
    const promised = replicaPromised(scope, nodeUid);
    const { state, tried } = await finish(scope, nodeUid, handle, promised);
    if (isReplica(state.status)) return seen(scope, state);
    // What was waited for has ended: nothing is under way.
    scope.forget();
    const body = bodyFor(state.status, inputs, nothingSent(scope));
    if (tried && covers(tried.parameters, body))
      throw futile(scope, state, tried, cameToNothing(state.status, tried));
    if (handle && wouldRepeat(handle, state.status, body)) {
      throw new Refusal("nodeUid", `${cameToNothing(state.status, handle)}; ${nothingSent(scope)}`);
    }
    return seen(scope, await ask(scope, inputs, state, body, promised));
  });
}

type Attempt = ActionHandle & { failed?: string };

/** Waits for what runs, or ended since it was asked for, whoever did. `tried`: it was ours, and has completed. */
async function finish(
  scope: Scope,
  nodeUid: number,
  handle: Attempt | undefined,
  promised: ReplicaPromise,
): Promise<{ state: ReplicaState; tried?: Attempt }> {
  const before = await observeReplica(scope, nodeUid);
  if (!before) throw new Refusal("nodeUid", await missingNode(scope, nodeUid));
  const resumed = handle && !("failed" in handle) && !handle.isOthers ? handle : undefined;
  const { last = resumed && (await seekOurs(scope, resumed)), status } = before;
  const ours = last && resumed && isOurs(last, resumed) ? resumed : undefined;
  const mayBeLost = resumed && (resumed.taskId !== undefined || (last && isUntold(last, resumed)));
  // One at a time is allowed: ours has ended before another one began, and what is wanted is a state, whichever way ours ended.
  const isFollowed = last && resumed && isLaterThan(last, resumed);
  if (mayBeLost && !ours && !isFollowed && (!last || hasEnded(last)) && !isReplica(status))
    throw endUnknown(scope, resumed, `it tells of ${last ? "another task" : "none"} only`);
  if (!last || (hasEnded(last) && !ours)) return { state: before };
  if (isLeader(status) && !hasEnded(last)) {
    scope.warn(
      ours
        ? `${action} is ${last.status}, and is resumed: ${ours.parameters?.demote_node ? handsOver(nodeUid) : `node ${nodeUid} leads the cluster`}`
        : `node ${nodeUid} leads the cluster: ${action}, started by somebody else, is ${last.status} and is waited for`,
    );
  }
  const ending = hasEnded(last)
    ? async () =>
        concluded(last, `ended before it was looked for again, ${scope.http.connection.endpoints[0]}`)
    : () => join(scope, last, ours ?? { nodeUid, action, isOthers: true });
  const outcome = await ending().catch((error) => {
    if (ours || !(error instanceof RunFailed)) return unlessSo(scope, error, promised);
    scope.warn(`somebody else's ${error.message.replace(/; the next.*$/, "")}`);
    return undefined;
  });
  const state = await settled(scope, promised);
  if (!state) throw new Refusal("nodeUid", await missingNode(scope, nodeUid));
  const told = ours && withoutUndefined({ ...ours, taskId: outcome?.taskId ?? ours.taskId });
  if (told && outcome && outcome.status === undefined && !isReplica(state.status))
    throw endUnknown(scope, told, "it tells of none any more");
  return { state, ...(told && outcome?.status === "completed" && { tried: told }) };
}

/** What an unfinished attempt has sent, looked for until it is certain. @throws where that stays open */
async function seekOurs(scope: Scope, resumed: ActionHandle): Promise<ActionStatus | undefined> {
  const found = await seekAction(scope, resumed.nodeUid, action, true);
  if ("open" in found) throw endUnknown(scope, resumed, found.open);
  return "landed" in found ? found.landed : undefined;
}

/** Sends the request, waits for its end, and looks whether it came to anything. */
async function ask(
  scope: Scope,
  inputs: ReplicaNodeInputs,
  { status, last }: ReplicaState,
  body: Body,
  promised: ReplicaPromise,
): Promise<ReplicaState> {
  const { nodeUid } = status;
  const risk = announced(status, body);
  const outcome = await performAction(scope, {
    nodeUid,
    action,
    parameters: body,
    recordsParameters: true,
    doubtful: { parameter: "demote_node", instead: `${byHand}: a node that does not lead is not sent it` },
    lastSeen: last ?? null,
    async mayBegin() {
      await refuseBesideNodesAway(scope, inputs, nothingMeanwhile);
      warnOfRisk(scope, risk);
    },
    reached: async () => ((await isSoNow(scope, promised)) ? { landed: true } : { absent: true }),
  }).catch((error) => unlessSo(scope, error, promised));
  const sent = scope.kept?.handle as Attempt | undefined;
  if (outcome && outcome.status === undefined && sent && !(await isSoNow(scope, promised)))
    throw endUnknown(scope, sent, "it tells of none any more");
  try {
    const state = await verify(scope, promised);
    if (body.demote_node) await tellLeader(scope, nodeUid);
    return state;
  } catch (error) {
    if (!(error instanceof RunFailed) || outcome?.status !== "completed" || !sent?.parameters) throw error;
    const state = await observeReplica(scope, nodeUid);
    throw state ? futile(scope, state, sent, `${error.message}; ${notRepeated(state.status, sent)}`) : error;
  }
}

/** It completed and did nothing: recorded, so that the same is not asked for again. */
function futile(scope: Scope, { status }: ReplicaState, tried: Attempt, why: string): RunFailed {
  scope.keep({ ...tried, isFutile: true, wasLeader: isLeader(status) });
  return new RunFailed(why, roleOutputs(status));
}

function seen(scope: Scope, state: ReplicaState): ReplicaState {
  const note = withoutMasters(state.status);
  if (note) warnOfRisk(scope, note);
  return state;
}
