import { PulumiProject } from "../../scripts/pulumi-project.ts";
import { startRedis } from "../../simulators/index.ts";
import { quantile, round } from "./report.ts";

/** What Pulumi itself costs: the same number of dynamic resources whose provider does nothing. */
const floor = (count: number) => `import * as pulumi from "@pulumi/pulumi";
const provider: pulumi.dynamic.ResourceProvider = {
  check: async (_olds, inputs) => ({ inputs }),
  diff: async () => ({ changes: false }),
  create: async (outs) => ({ id: "1", outs }),
};
class Empty extends pulumi.dynamic.Resource {
  constructor(name: string, props: object) {
    super(provider, name, { ...props }, {}, "bench", "Empty");
  }
}
for (let uid = 1; uid <= ${count}; uid++) new Empty("node-" + uid, { nodeUid: uid, timeout: "30m" });`;

const ours = (count: number) => `import { redis } from "pulumi-clusterops";
for (let uid = 1; uid <= ${count}; uid++)
  new redis.NodeMaintenance("node-" + uid, { nodeUid: uid, timeout: "30m", allowOtherNodesUnavailable: true });`;

interface Costs {
  /** Seconds of a preview that creates everything, of one with nothing to do, and of an `up` with nothing to do. */
  preview: number;
  noopPreview: number;
  noopUp: number;
  stateBytes: number;
}

async function costsOf(program: string, config: Record<string, string>, repetitions: number): Promise<Costs> {
  await using project = await PulumiProject.create({ program, config });
  const times = async (run: () => Promise<{ seconds: number }>) => {
    const seconds: number[] = [];
    for (let turn = 0; turn < repetitions; turn++) seconds.push((await run()).seconds);
    return quantile(seconds, 0.5);
  };
  const limit = 600_000;
  const preview = await times(() => project.preview({ check: true, limit }));
  await project.up({ check: true, limit });
  return {
    preview,
    noopPreview: await times(() => project.preview({ check: true, limit })),
    noopUp: await times(() => project.up({ check: true, limit })),
    stateBytes: JSON.stringify((await project.export()).deployment).length,
  };
}

/** Our resources against the floor, in one run: ratios of medians. */
export async function runPreviews(
  count: number,
  latency: number,
  repetitions = 3,
): Promise<Record<string, string | number>> {
  await using redis = await startRedis({ nodes: count });
  // Adopted by the first `up`: nothing is sent, so that only previews and no-ops are measured.
  for (let uid = 1; uid <= count; uid++) redis.node(uid).putInMaintenance();
  if (latency > 0)
    redis.fault({ when: "before", kind: "delay", ms: latency, times: Number.POSITIVE_INFINITY });
  const empty = await costsOf(floor(count), {}, repetitions);
  const config = { "clusterops:connections.redis.endpoints[0]": redis.endpoints[0] as string };
  const real = await costsOf(ours(count), config, repetitions);
  const ratio = (key: keyof Costs) => round(real[key] / empty[key]);
  return {
    resources: count,
    "latency ms": latency,
    "preview, x floor": ratio("preview"),
    "preview, s more": round(real.preview - empty.preview),
    "no-op preview, x floor": ratio("noopPreview"),
    "no-op up, x floor": ratio("noopUp"),
    "state B per resource": Math.round(real.stateBytes / count),
    "floor B per resource": Math.round(empty.stateBytes / count),
  };
}
