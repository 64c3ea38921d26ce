import type { CallOptions } from "../../../provider/core/http/call.ts";
import type { Way } from "../../../provider/core/work/installation.ts";
import { hasEnded, listAllNodeActions } from "../../../provider/redis/client.ts";
import { getMaintenanceByHealth, listNodeStatuses, listNodes } from "../../../provider/redis/nodes-client.ts";
import { startRedis } from "../../../simulators/index.ts";
import { durations, plural, routesOf, type Shape } from "./shape.ts";

/** A cluster like this one: its nodes, their shards and roles, who leads, who is in maintenance or down, what runs. */
export async function redisShape(ways: readonly [Way, ...Way[]], options: CallOptions): Promise<Shape> {
  const [way] = ways;
  const unknown: string[] = [];
  const nodes = await listNodes(way, options);
  const statuses = new Map((await listNodeStatuses(way, options)).map((status) => [status.nodeUid, status]));
  const running = (await listAllNodeActions(way, options)).filter((action) => !hasEnded(action));
  const health = await getMaintenanceByHealth(way, options).catch(() => undefined);
  const softwareVersion = nodes.find((node) => node.softwareVersion !== undefined)?.softwareVersion;
  if (!health)
    unknown.push(
      "GET /v4/cluster/health is not there: a node counts as in maintenance that has a maintenance snapshot and takes no shards",
    );
  const isInMaintenance = (uid: number) =>
    health?.get(uid) ??
    (statuses.get(uid)?.maintenanceSnapshot !== undefined &&
      nodes.find(({ nodeUid }) => nodeUid === uid)?.acceptServers === false);
  const inMaintenance = nodes.map(({ nodeUid }) => nodeUid).filter(isInMaintenance);
  const down = nodes.filter(({ status }) => status === "down").map(({ nodeUid }) => nodeUid);
  const masters = [...statuses.values()]
    .filter(({ role }) => role === "master")
    .map(({ nodeUid }) => nodeUid);
  const leader = masters[0] ?? nodes[0]?.nodeUid ?? 1;
  const quorum = nodes.filter(
    ({ acceptServers, nodeUid }) => acceptServers === false && !isInMaintenance(nodeUid),
  );
  if (quorum.length > 0)
    unknown.push(
      `${quorum.map(({ nodeUid }) => `node ${nodeUid}`).join(", ")} takes no shards and is not in maintenance: in the rehearsal it takes some`,
    );
  const layout = nodes.map(({ nodeUid, addr, shardCount }) => {
    const { masterShards } = statuses.get(nodeUid) ?? {};
    if (masterShards === undefined) unknown.push(`how many of node ${nodeUid}'s shards are masters`);
    return { uid: nodeUid, addr, shards: shardCount, masters: masterShards };
  });
  const shards = nodes.reduce((sum, { shardCount = 0 }) => sum + shardCount, 0);
  const said = [
    `nodes ${nodes.map(({ nodeUid }) => `${nodeUid}${nodeUid === leader ? " (leads)" : ""}`).join(", ")}`,
    plural(shards, "shard"),
    ...(softwareVersion === undefined ? [] : [softwareVersion]),
    ...inMaintenance.map((uid) => `node ${uid} is in maintenance`),
    ...down.map((uid) => `node ${uid} is down`),
    ...running.map(({ name, nodeUid }) => `${name} of node ${nodeUid} runs`),
  ];
  return {
    words: `redis, ${way.connection.given.join(", ")}: ${said.join(", ")}`,
    unknown,
    async start() {
      const simulator = await startRedis({
        layout,
        leader,
        masterNodes: masters.length > 0 ? masters : undefined,
        softwareVersion,
        actionMs: durations.action,
      });
      for (const uid of inMaintenance) simulator.node(uid).putInMaintenance();
      for (const uid of down) await simulator.node(uid).goDown();
      for (const { name, nodeUid } of running)
        if (nodeUid !== undefined && simulator.node(nodeUid).exists)
          simulator.node(nodeUid).start(name === "remove_node" ? "remove" : name);
      return { system: "redis", simulator, routes: routesOf(ways, simulator.endpoints) };
    },
  };
}
