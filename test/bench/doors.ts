import { PulumiProject } from "../../scripts/pulumi-project.ts";
import { startRedis } from "../../simulators/index.ts";
import { peakMemory } from "./peak-memory.ts";
import { quantile, round } from "./report.ts";
import { type Door, through } from "./through.ts";
import { runWaits } from "./waits.ts";

type Row = Record<string, string | number>;

const program = (count: number) => `import { redis } from "pulumi-clusterops";
for (let uid = 1; uid <= ${count}; uid++)
  new redis.NodeMaintenance("node-" + uid, { nodeUid: uid, timeout: "30m", allowOtherNodesUnavailable: true });`;

const options = { check: true, limit: 600_000 };

/**
 * The native plugin against the dynamic provider: previews of `count` resources, turn by turn, and the median of the ratios within each
 * turn; then one more preview of each for the most memory that our process holds.
 */
export async function runDoorPreviews(count: number, repetitions: number): Promise<Row[]> {
  await using redis = await startRedis({ nodes: count, shardsPerNode: 0 });
  for (let uid = 1; uid <= count; uid++) redis.node(uid).putInMaintenance();
  await using cleanUp = new AsyncDisposableStack();
  const enter = async (door: Door) => {
    const { files, config } = through(door);
    const endpoint = { "clusterops:connections.redis.endpoints[0]": redis.endpoints[0] as string };
    const project = cleanUp.use(
      await PulumiProject.create({ program: program(count), files, config: { ...config, ...endpoint } }),
    );
    return { project, seconds: [] as number[], reads: 0 };
  };
  const [dynamic, native] = [await enter("dynamic"), await enter("native")];
  for (let turn = 0; turn < repetitions; turn++) {
    for (const contender of turn % 2 === 0 ? [dynamic, native] : [native, dynamic]) {
      redis.resetCounts();
      contender.seconds.push((await contender.project.preview(options)).seconds);
      contender.reads = redis.counts().reads;
    }
  }
  const memory = async ({ project }: typeof dynamic) => {
    const preview = project.start("preview", options);
    const peak = await peakMemory(preview);
    await preview.done;
    return peak;
  };
  const of = `preview of ${count}`;
  return [
    row(`${of}, s`, dynamic.seconds, native.seconds, count === 1 ? 0.8 : 0.75),
    row(`${of}, reads`, [dynamic.reads], [native.reads], 1),
    row(`${of}, MiB of our process`, [await memory(dynamic)], [await memory(native)], 0.65),
  ];
}

/** Both doors wait for the same actions. */
export async function runDoorWaits(actions: number): Promise<Row[]> {
  const of = { actions, length: "2-11.65 s", taskIds: true, tls: true };
  const dynamic = await runWaits({ ...of, door: "dynamic" });
  const native = await runWaits({ ...of, door: "native" });
  return ["p50 s", "max s", "reads", "TLS handshakes", "host MiB", "up s"].map((what) =>
    row(
      `${actions} actions, ${what}`,
      [Number(dynamic[what])],
      [Number(native[what])],
      what === "host MiB" ? 0.65 : 1,
    ),
  );
}

function row(what: string, dynamic: number[], native: number[], goal: number): Row {
  const ratio = quantile(
    native.map((value, turn) => value / (dynamic[turn] as number)),
    0.5,
  );
  return {
    what,
    dynamic: round(quantile(dynamic, 0.5)),
    native: round(quantile(native, 0.5)),
    ratio: round(ratio),
    goal: `<= ${goal}`,
  };
}
