import { PulumiProject } from "../../scripts/pulumi-project.ts";
import { type RedisSimulator, startRedis } from "../../simulators/index.ts";
import { quantile, round } from "./report.ts";

/** Which lengths N actions have, in milliseconds. The mix has no multiples of anybody's interval. */
const lengths: Record<string, (index: number, count: number) => number> = {
  "2 s": () => 2_000,
  "8 s": () => 8_000,
  "2-11.65 s": (index, count) => 2_000 + (9_650 * index) / Math.max(1, count - 1),
};

export interface WaitCase {
  actions: number;
  length: keyof typeof lengths;
  /** Whether the cluster's list of actions tells their task ids, which the vendor's samples leave open. */
  taskIds: boolean;
}

/** One real `pulumi up` of N node actions at once: how long after each real end it was noticed, and what that cost. */
export async function runWaits({
  actions,
  length,
  taskIds,
}: WaitCase): Promise<Record<string, string | number>> {
  const lengthOf = (index: number) => (lengths[length] as (typeof lengths)[string])(index, actions);
  await using redis = await startRedis({ nodes: actions, taskIdInLists: taskIds });
  for (let index = 0; index < actions; index++) {
    redis.plan({ nodeUid: index + 1, action: "enslave_node", actionMs: lengthOf(index) });
  }
  await using project = await PulumiProject.create({
    program: `import { redis } from "pulumi-clusterops";
for (let uid = 1; uid <= ${actions}; uid++) new redis.NodeAction("node-" + uid, { nodeUid: uid, action: "enslave_node" });`,
    config: { "clusterops:connections.redis.endpoints[0]": redis.endpoints[0] as string },
  });
  const result = await project.up({ args: ["--parallel", String(actions)], check: true });
  const overshoots = await overshootsOf(project, redis, lengthOf);
  const reads = redis.counts().reads;
  return {
    actions,
    length,
    "task ids in lists": String(taskIds),
    "p50 s": round(quantile(overshoots, 0.5)),
    "max s": round(Math.max(...overshoots)),
    reads,
    "reads per action": round(reads / actions, 1),
    connections: redis.counts().connections,
    "up s": round(result.seconds, 1),
  };
}

async function overshootsOf(
  project: PulumiProject,
  redis: RedisSimulator,
  lengthOf: (index: number) => number,
): Promise<number[]> {
  const { deployment } = await project.export();
  const finished = new Map(
    deployment.resources
      .filter(({ type }) => type.endsWith(":NodeAction"))
      .map(({ outputs }) => [outputs.nodeUid as number, Date.parse(outputs.finishedAt as string)]),
  );
  return redis.requests
    .filter(({ method }) => method === "POST")
    .map(({ at, path }) => {
      const uid = Number(path.split("/")[3]);
      return ((finished.get(uid) as number) - (at + lengthOf(uid - 1))) / 1_000;
    });
}
