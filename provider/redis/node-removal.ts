import { advice } from "../core/data/advice.ts";
import { ClusteropsError, hasStatus, RunFailed } from "../core/data/errors.ts";
import type { CallOptions } from "../core/http/http.ts";
import { type RunInputs, runResource } from "../core/lifecycle/run.ts";
import type { Scope } from "../core/work/scope.ts";
import { letEarlierFinish } from "./action/earlier.ts";
import type { ActionHandle } from "./action/handle.ts";
import { findRunning } from "./action/listed.ts";
import { performAction } from "./action/perform.ts";
import { describeEnd, stopAction, stopOurs } from "./action/stop.ts";
import { listAllNodeActions } from "./client.ts";
import { factsOfNode } from "./facts.ts";
import { findRival, gaveWay, type Mine } from "./give-way.ts";
import { forPreview, shardsToMigrate } from "./node-maintenance/state.ts";
import {
  type BesideOthers,
  forecastBeside,
  listNodesAway,
  mostOthersAway,
  refuseBesideNodesAway,
} from "./nodes-away.ts";
import { getNode, listNodes } from "./nodes-client.ts";
import { rememberWarnings, warnOfRisk } from "./plan-warnings.ts";
import { findLeader, goesAsLeader } from "./roles.ts";
import { lookForLeader } from "./shared-looks.ts";
import { redis } from "./system.ts";
import { alone } from "./turns.ts";
import { verify } from "./verify.ts";

/**
 * The removal of a node from its cluster: one-way, a removed node has to be installed anew (page "Remove a cluster node"). From the
 * request on the cluster moves nothing to the node any more, "even if the remove task fails at some point": a removal that failed
 * or was cancelled leaves a node that takes no shards.
 */
export interface NodeRemovalInputs extends RunInputs {
  /** The node's uid, as `rladmin status nodes` shows it. @minimum 1 @asType integer */
  nodeUid: number;
  /**
   * Wait until the migrated shards' persistence files exist on the other nodes. Since 6.4.2-43.
   * Default: the cluster's policy `persistent_node_removal`, which by default does not wait.
   */
  waitForPersistence?: boolean;
  /**
   * Go ahead although another node is in maintenance (or may be), being removed, handing its shards over, or down. The cluster itself
   * does not look. @default false
   */
  allowOtherNodesUnavailable?: boolean;
}

export interface NodeRemovalOutputs {
  /** Absent when the node was already gone. */
  taskId?: string;
  /** True: the cluster no longer lists the node. */
  removed: boolean;
}

export const nodeRemoval = runResource<NodeRemovalInputs, NodeRemovalOutputs, ActionHandle>({
  system: redis,
  type: "NodeRemoval",
  timeout: "2h",
  id: ({ nodeUid }) => String(nodeUid),
  subject: ({ nodeUid }) => `redis node ${nodeUid}`,
  declares: ({ nodeUid }) => removalOf(nodeUid),
  noRerunOn: ["allowOtherNodesUnavailable"],
  run(scope, inputs, unfinished) {
    const { nodeUid, waitForPersistence } = inputs;
    const handle = unfinished?.handle;
    return alone(scope, nodeUid, "remove", async () => {
      // One at a time: the removal of another node, which this one has taken the place of, is not lost sight of.
      const own = handle?.nodeUid === nodeUid ? handle : undefined;
      if (handle && !own) await letEarlierFinish(scope, handle);
      if (!(await isListed(scope, nodeUid))) return { removed: true, taskId: own?.taskId };
      const { taskId, status } = await performAction(
        scope,
        {
          nodeUid,
          action: "remove",
          parameters: waitForPersistence === undefined ? {} : { wait_for_persistence: waitForPersistence },
          reached: async () => ((await isListed(scope, nodeUid)) ? { absent: true } : { landed: true }),
          async mayBegin() {
            await refuseBesideNodesAway(scope, inputs);
            if ((await lookForLeader(scope)) === nodeUid) warnOfRisk(scope, goesAsLeader(nodeUid));
          },
          giveWay: (started) => giveWayWithRemoval(scope, inputs, started),
          isResumed: own !== undefined,
          // The node is to go, however often that is said: one more request removes nothing else.
          isHarmless: true,
        },
        own,
      ).catch(async (error) => {
        // Gone meanwhile, by somebody else's request.
        if (hasStatus(error, 404) && !(await isListed(scope, nodeUid)))
          return { taskId: undefined, status: "completed" };
        if (error instanceof RunFailed)
          throw new RunFailed(`${error.message}; ${leftBehind(nodeUid)}`, error.outputs);
        throw error;
      });
      if (status === undefined && (await isListed(scope, nodeUid))) throw notTold(nodeUid, taskId);
      await verify<boolean, false>(scope, {
        what: `the cluster without node ${nodeUid}`,
        look: (options) => isListed(scope, nodeUid, options),
        isSo: (listed): listed is false => !listed,
        describe: () => "it is still listed, and takes no new shards",
        outputs: () => ({ removed: false }),
      });
      return { removed: true, taskId };
    });
  },
  async cancel(scope, _inputs, handle) {
    const stopped = await stopOurs(scope, handle);
    if (!stopped || stopped.end?.status === "completed" || !(await isListed(scope, handle.nodeUid))) return;
    scope.warn(`node ${handle.nodeUid}: remove ${describeEnd(stopped.end)}; ${leftBehind(handle.nodeUid)}`);
  },
  facts: factsOfNode,
  plan: rememberWarnings(async (scope: Scope, inputs: NodeRemovalInputs, { recorded }: Known) => {
    const { nodeUid } = inputs;
    const http = forPreview(scope);
    const [nodes, actions] = await Promise.all([listNodes(http, scope), listAllNodeActions(http, scope)]);
    const node = nodes.find((candidate) => candidate.nodeUid === nodeUid);
    if (!node)
      return { warnings: [`the cluster has no node ${nodeUid}: it counts as removed, nothing will be sent`] };
    const running = findRunning(actions, nodeUid, "remove");
    if (running)
      return { warnings: [`node ${nodeUid}: remove is already ${running.status}: it will be joined`] };
    // An earlier removal by this resource is let finish first.
    const others = (await listNodesAway(scope, nodeUid, http)).filter(
      (each) => each.nodeUid !== recorded?.nodeUid,
    );
    const beside = forecastBeside(scope, others, inputs);
    if (beside.refusals) return beside;
    const leads = (await findLeader(http, scope)) === nodeUid;
    return {
      plan: `node ${nodeUid}: remove${shardsToMigrate(node)}, ${nodes.length - 1} nodes will be left; this cannot be undone`,
      warnings: [
        ...(beside.warnings ?? []),
        ...(leads ? [goesAsLeader(nodeUid)] : []),
        `node ${nodeUid}: once remove has begun the node takes no new shards, also if it is cancelled (${advice.destroy}) or fails`,
      ],
    };
  }),
});

/** Neither gone nor failed: it stays recorded as unfinished. */
function notTold(nodeUid: number, taskId: string | undefined): ClusteropsError {
  return new ClusteropsError(
    `not seen: the cluster without node ${nodeUid}; instead it is still listed, and takes no new shards, and the cluster tells nothing more of the removal (task ${taskId ?? "unknown"}); the next ${advice.up} looks again, and sends remove once more where it does not run`,
  );
}

interface Known {
  recorded: Partial<NodeRemovalInputs> | undefined;
}

/** What a NodeRemoval declares, and a NodeAction that removes a node, too. */
export function removalOf(nodeUid: number): string {
  return `removal of node ${nodeUid}`;
}

/** Of two nodes that were taken away at the same moment one stays. @throws RunFailed where it is this one */
export async function giveWayWithRemoval(
  scope: Scope,
  inputs: BesideOthers,
  { taskId, isResumed }: Omit<Mine, "nodeUid">,
): Promise<void> {
  // One that has ended takes nothing back.
  if (isResumed) return;
  const { nodeUid } = inputs;
  const rival = await findRival(scope, { nodeUid, taskId }, mostOthersAway(scope, inputs));
  if (!rival || !(await isListed(scope, nodeUid))) return;
  scope.progress(`node ${nodeUid} gives way: ${rival.reason}`);
  const end = await stopAction(scope, nodeUid, "remove", true);
  if (end?.status === "completed" || !(await isListed(scope, nodeUid))) return;
  throw new RunFailed(`${gaveWay(rival)}: remove ${describeEnd(end)}`, { taskId, status: end?.status });
}

/** What a removal leaves that did not come to its end. No way back is documented. */
export function leftBehind(nodeUid: number): string {
  return `node ${nodeUid} stays in the cluster and takes no new shards: run the removal again, or try to let it take shards (PUT /v1/nodes/${nodeUid} with {"accept_servers": true}, which no page names for this)`;
}

/**
 * By the list, which other nodes answer too: the node itself may be the one that is asked (it then answers 503, or refuses). A list that
 * leaves the node out is a claim: it counts together with the node's own 404.
 */
export async function isListed(
  scope: Scope,
  nodeUid: number,
  options: CallOptions = scope,
): Promise<boolean> {
  const isIn = (await listNodes(scope.http, options)).some((node) => node.nodeUid === nodeUid);
  return isIn || (await getNode(scope.http, nodeUid, options)) !== undefined;
}
