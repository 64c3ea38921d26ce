import type { Looked } from "../core/lifecycle/facts.ts";
import type { Scope } from "../core/work/scope.ts";
import { hasEnded, isExplained, othersIn } from "./facts-course.ts";
import { forPreview } from "./node-maintenance/state.ts";
import { listNodesAway } from "./nodes-away.ts";
import { listNodes } from "./nodes-client.ts";
import { findLeader } from "./roles.ts";

/**
 * What whoever approves work on a node has to know of its cluster: whether the node itself and the others are there, and which of them
 * leads. Shards move by themselves, and are none of it.
 */
export async function factsOfNode(
  scope: Scope,
  { nodeUid }: { nodeUid: number },
  _recorded: unknown,
  { isAhead }: { isAhead: boolean },
): Promise<Looked> {
  const http = isAhead ? forPreview(scope) : scope.http;
  const [nodes, away, leader] = await Promise.all([
    listNodes(http, scope),
    listNodesAway(scope, undefined, http),
    findLeader(http, scope),
  ]);
  const [own, others] = [`node ${nodeUid}`, "other nodes"];
  const isListed = nodes.some((node) => node.nodeUid === nodeUid);
  const awayBeside = away.filter((node) => node.nodeUid !== nodeUid);
  const list = awayBeside.map((node) => `node ${node.nodeUid} ${node.how}`).join(", ");
  return {
    facts: {
      [own]: isListed ? (away.find((node) => node.nodeUid === nodeUid)?.how ?? "free") : "not in the cluster",
      [others]: `${nodes.length - (isListed ? 1 : 0)}, ${list || "all free"}`,
      ...(leader !== undefined && { leader: `node ${leader}` }),
    },
    explains(fact, { was, is }, sent) {
      const isOurs = (node: string) => sent.some((on) => on.startsWith(`${node} `));
      if (fact === own) return isOurs(own) || hasEnded(was, is);
      // Which node gets the leadership when one gives it up, the cluster decides.
      return fact === others ? isExplained(othersIn(was), othersIn(is), sent) : isOurs(was) || isOurs(is);
    },
  };
}
