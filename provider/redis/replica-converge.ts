import { Refusal, RunFailed } from "../core/errors.ts";
import { withLock } from "../core/lock.ts";
import { handleOf, type Properties } from "../core/resource.ts";
import type { Scope } from "../core/scope.ts";
import { withoutUndefined } from "../core/values.ts";
import { isOurs, performAction } from "./action.ts";
import { type ActionHandle, concluded, join } from "./action-wait.ts";
import { hasEnded } from "./client.ts";
import { missingNode } from "./maintenance-state.ts";
import { listNodesAway } from "./nodes-away.ts";
import type { ReplicaNodeInputs } from "./replica-node.ts";
import {
  announced,
  type Body,
  bodyFor,
  cameToNothing,
  covers,
  notRepeated,
  refusedWhileAway,
} from "./replica-request.ts";
import {
  observeReplica,
  type ReplicaPromise,
  type ReplicaState,
  replicaPromised,
  withoutMasters,
} from "./replica-state.ts";
import { byHand, handsOver, isLeader, isReplica, roleOutputs, tellLeader } from "./roles.ts";
import { isSoNow, settled, unlessSo, verify } from "./verify.ts";

const action = "enslave_node";

/** Whether what is recorded is an action that completed and did not do what it is for. */
export function isFutile(recorded: Properties | undefined): boolean {
  return handleOf(recorded)?.isFutile === true;
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
  // One node of a cluster at a time: what one hands over, another may take.
  return withLock(`${scope.http.connection.identity} roles`, scope.signal, async () => {
    const before = await observeReplica(scope, nodeUid);
    if (!before) throw new Refusal("nodeUid", await missingNode(scope, nodeUid));
    const handle = handleOf(recorded as Properties | undefined) as Attempt | undefined;
    const promised = replicaPromised(scope, nodeUid);
    const { state, tried } = await finish(scope, before, handle, promised);
    if (isReplica(state.status)) return seen(scope, state);
    // What was waited for has ended: nothing is under way.
    scope.forget();
    const body = bodyFor(state.status, inputs);
    if (tried && covers(tried.parameters, body))
      throw futile(scope, state, tried, cameToNothing(state.status, tried));
    if (handle?.isFutile && covers(handle.parameters, body)) {
      throw new Refusal("nodeUid", `${cameToNothing(state.status, handle)}; nothing was sent`);
    }
    return seen(scope, await ask(scope, state, body, promised));
  });
}

type Attempt = ActionHandle & { failed?: string };

/** Waits for what runs, or ended since it was asked for, whoever did. `tried`: it was ours, and has completed. */
async function finish(
  scope: Scope,
  before: ReplicaState,
  handle: Attempt | undefined,
  promised: ReplicaPromise,
): Promise<{ state: ReplicaState; tried?: Attempt }> {
  const { status, last } = before;
  const { nodeUid } = status;
  const isResumed = handle && !("failed" in handle) && !handle.isOthers;
  const ours = last && isResumed && isOurs(last, handle) ? handle : undefined;
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
  const outcome = await ending().catch((error) => unlessSo(scope, error, promised));
  const state = await settled(scope, promised);
  if (!state) throw new Refusal("nodeUid", await missingNode(scope, nodeUid));
  const isTried = ours && outcome && outcome.status === "completed";
  return { state, ...(isTried && { tried: withoutUndefined({ ...ours, taskId: outcome.taskId }) }) };
}

/** Sends the request, waits for its end, and looks whether it came to anything. */
async function ask(
  scope: Scope,
  { status, last }: ReplicaState,
  body: Body,
  promised: ReplicaPromise,
): Promise<ReplicaState> {
  const { nodeUid } = status;
  const away = await listNodesAway(scope, nodeUid);
  if (away.length > 0) throw new Refusal("nodeUid", refusedWhileAway(away));
  scope.warn(announced(status, body));
  const outcome = await performAction(scope, {
    nodeUid,
    action,
    parameters: body,
    recordsParameters: true,
    doubtful: { parameter: "demote_node", instead: `${byHand}: a node that does not lead is not sent it` },
    lastSeen: last ?? null,
    isDone: () => isSoNow(scope, promised),
  }).catch((error) => unlessSo(scope, error, promised));
  const sent = scope.kept?.handle as Attempt | undefined;
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
  scope.keep({ ...tried, isFutile: true });
  return new RunFailed(why, roleOutputs(status));
}

function seen(scope: Scope, state: ReplicaState): ReplicaState {
  const note = withoutMasters(state.status);
  if (note) scope.warn(note);
  return state;
}
