import { startRedis } from "../../simulators/index.ts";
import { Contender, type Kind, kinds, ours } from "./contender.ts";
import { round } from "./report.ts";

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

/** Our resources against the floor, turn by turn, so that what else the machine does meets both alike: ratios of medians. */
export async function runPreviews(
  count: number,
  latency: number,
  repetitions = 3,
): Promise<Record<string, string | number>> {
  // Without shards: a node that is put in maintenance by hand has none left to move.
  await using redis = await startRedis({ nodes: count, shardsPerNode: 0 });
  // Adopted by the first `up`: nothing is sent, so that only previews and no-ops are measured.
  for (let uid = 1; uid <= count; uid++) redis.node(uid).putInMaintenance();
  if (latency > 0)
    redis.fault({ when: "before", kind: "delay", ms: latency, times: Number.POSITIVE_INFINITY });
  await using empty = await Contender.enter(floor(count));
  await using real = await Contender.enter(ours(count), {
    "clusterops:connections.redis.endpoints[0]": redis.endpoints[0] as string,
  });
  const reads = { preview: 0, noopPreview: 0, noopUp: 0 };
  for (const kind of kinds) {
    if (kind === "noopPreview") for (const contender of [empty, real]) await contender.setUp();
    for (let turn = 0; turn < repetitions; turn++) {
      redis.resetCounts();
      for (const contender of turn % 2 === 0 ? [empty, real] : [real, empty]) await contender.run(kind);
      reads[kind] = Math.max(reads[kind], redis.counts().reads);
    }
  }
  const ratio = (kind: Kind) => round(real.median(kind) / empty.median(kind));
  return {
    resources: count,
    "latency ms": latency,
    "preview, x floor": ratio("preview"),
    "preview, s more": round(real.median("preview") - empty.median("preview")),
    "preview, reads": reads.preview,
    "no-op preview, x floor": ratio("noopPreview"),
    "no-op up, x floor": ratio("noopUp"),
    "no-op, reads": reads.noopPreview + reads.noopUp,
    "floor preview s": round(empty.median("preview")),
    "state B per resource": Math.round((await real.stateBytes()) / count),
    "floor B per resource": Math.round((await empty.stateBytes()) / count),
  };
}
