import type { EngineCall, Properties } from "../history.ts";
import type { FactFinderTruth } from "../systems/factfinder.ts";
import type { RedisTruth } from "../systems/redis.ts";
import type { TcfTruth } from "../systems/tcf.ts";

type Judge = (call: EngineCall) => string | undefined;

/** What must be so when an operation says that it is done. Undefined: it is. */
export const done: Record<string, Judge> = {
  "redis:NodeMaintenance": ({ inputs, truth }) => notEntered(inputs, truth as RedisTruth),
  "redis:MaintenanceStep": ({ inputs, truth }) => {
    if (inputs.phase === "enter") return notEntered(inputs, truth as RedisTruth);
    return (truth as RedisTruth).depth[inputs.nodeUid as number] === undefined
      ? undefined
      : "it is in maintenance";
  },
  "redis:NodeAction": ({ inputs: { action, nodeUid }, truth }) => {
    const { ended, running } = truth as RedisTruth;
    if (running.includes(`${action} ${nodeUid}`)) return "it still runs";
    const status = ended[`${action} ${nodeUid}`];
    return status === undefined || status === "completed" ? undefined : `it ${status}`;
  },
  "redis:NodeRemoval": ({ inputs, truth }) =>
    (truth as RedisTruth).nodes.includes(inputs.nodeUid as number) ? "it is still there" : undefined,
  "redis:ReplicaNode": ({ inputs, truth }) => {
    const { leader, masters } = truth as RedisTruth;
    if (leader === inputs.nodeUid) return "it leads the cluster";
    return (masters[inputs.nodeUid as number] ?? 0) > 0 ? "it has master shards" : undefined;
  },
  "tcf:ActiveCluster": ({ inputs, truth }) => {
    const statuses = truth as TcfTruth;
    if (statuses[inputs.active as string] !== "active") return JSON.stringify(statuses);
    const both = Object.values(statuses).every((status) => status === "active");
    return both && inputs.force !== true ? "both are active" : undefined;
  },
  "tcf:ClusterRole": ({ inputs, truth }) => {
    const name = inputs.connection === "east" ? "cluster1" : "cluster2";
    return (truth as TcfTruth)[name] === inputs.role ? undefined : JSON.stringify(truth);
  },
  "factfinder:DatabasePrune": ({ inputs, outputs, truth }) => {
    const { director = "" } = (truth as FactFinderTruth)[inputs.channel as string] ?? {};
    const said = outputs?.databaseVersion as number;
    return said > Number(director.split(".")[0])
      ? `said ${said}, and the director has ${director}`
      : undefined;
  },
  "factfinder:DatabaseSync": ({ inputs, truth }) => {
    const versions = (truth as FactFinderTruth)[inputs.channel as string] ?? {};
    const isBehind = (inputs.nodes as string[]).some((node) => versions[node] !== versions.director);
    return isBehind ? JSON.stringify(versions) : undefined;
  },
  "factfinder:NodeSync": ({ inputs, truth }) => {
    const behind = (inputs.channels as string[]).filter((channel) => {
      const versions = (truth as FactFinderTruth)[channel] ?? {};
      return versions[inputs.connection as string] !== versions.director;
    });
    return behind.length > 0 ? JSON.stringify(truth) : undefined;
  },
};

function notEntered({ nodeUid, evictHaReplica = true }: Properties, truth: RedisTruth): string | undefined {
  const uid = nodeUid as number;
  if (truth.depth[uid] === undefined) return "it is not in maintenance";
  const left = truth.shards[uid] ?? 0;
  return evictHaReplica && left > 0 ? `it has ${left} shards` : undefined;
}
