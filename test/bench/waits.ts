import { PulumiProject } from "../../scripts/pulumi-project.ts";
import { type RedisSimulator, startRedis } from "../../simulators/index.ts";
import { createAuthority } from "../support/certificates.ts";
import { peakMemory } from "./peak-memory.ts";
import { quantile, round } from "./report.ts";
import { type Door, through } from "./through.ts";

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
  /** Over TLS: each connection is then one handshake. */
  tls?: boolean;
  /** Default: `dynamic`. */
  door?: Door;
}

/** One real `pulumi up` of N node actions at once: how long after each real end it was noticed, and what that cost. */
export async function runWaits({
  actions,
  length,
  taskIds,
  tls = false,
  door = "dynamic",
}: WaitCase): Promise<Record<string, string | number>> {
  const lengthOf = (index: number) => (lengths[length] as (typeof lengths)[string])(index, actions);
  const authority = tls ? await createAuthority() : undefined;
  await using redis = await startRedis({
    nodes: actions,
    taskIdInLists: taskIds,
    tls: await authority?.issue(),
  });
  for (let index = 0; index < actions; index++) {
    redis.plan({ nodeUid: index + 1, action: "enslave_node", actionMs: lengthOf(index) });
  }
  const { files, config } = through(door);
  await using project = await PulumiProject.create({
    files,
    program: `import { redis } from "pulumi-clusterops";
for (let uid = 1; uid <= ${actions}; uid++) new redis.NodeAction("node-" + uid, { nodeUid: uid, action: "enslave_node" });`,
    config: {
      ...config,
      "clusterops:connections.redis.endpoints[0]": redis.endpoints[0] as string,
      ...(authority && { "clusterops:connections.redis.caCert": authority.ca }),
    },
  });
  const began = Date.now();
  const running = project.start("up", { args: ["--parallel", String(actions)], check: true, limit: 300_000 });
  const memory = await peakMemory(running);
  const result = await running.done;
  const ends = realEnds(redis, lengthOf);
  const overshoots = await overshootsOf(project, ends);
  const ideal = (Math.max(...ends.values()) - began) / 1_000;
  const reads = redis.counts().reads;
  return {
    actions,
    length,
    "task ids in lists": String(taskIds),
    "p50 s": round(quantile(overshoots, 0.5)),
    "max s": round(Math.max(...overshoots)),
    reads,
    "reads per action": round(reads / actions, 1),
    [tls ? "TLS handshakes" : "connections"]: redis.counts().connections,
    "host MiB": memory,
    "up s": round(result.seconds, 1),
    "up, x ideal": round(result.seconds / ideal),
  };
}

/** When each node's action has really ended, in milliseconds since the epoch: no `up` can be over sooner than the last. */
function realEnds(redis: RedisSimulator, lengthOf: (index: number) => number): Map<number, number> {
  const starts = redis.requests.filter(({ method }) => method === "POST");
  return new Map(
    starts.map(({ at, path }) => {
      const uid = Number(path.split("/")[3]);
      return [uid, at + lengthOf(uid - 1)];
    }),
  );
}

/** Seconds from each real end until it was seen and recorded. */
async function overshootsOf(project: PulumiProject, ends: Map<number, number>): Promise<number[]> {
  const { deployment } = await project.export();
  return deployment.resources
    .filter(({ type }) => type.endsWith(":NodeAction"))
    .map(({ outputs }) => {
      const { nodeUid, finishedAt } = outputs as { nodeUid: number; finishedAt: string };
      return (Date.parse(finishedAt) - (ends.get(nodeUid) as number)) / 1_000;
    });
}
