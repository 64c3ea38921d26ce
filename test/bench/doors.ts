import { startRedis } from "../../simulators/index.ts";
import { Contender, type Kind, ours } from "./contender.ts";
import { quantile, round } from "./report.ts";
import { type Door, through } from "./through.ts";
import { runWaits } from "./waits.ts";

type Row = Record<string, string | number>;

/** What is left without any provider: the same inputs in resources of the engine's own. */
const floor = (count: number) => `import * as pulumi from "@pulumi/pulumi";
for (let uid = 1; uid <= ${count}; uid++)
  new pulumi.Stash("node-" + uid, { input: { nodeUid: uid, timeout: "30m", allowOtherNodesUnavailable: true } });`;

/**
 * The native plugin against the dynamic provider: previews of `count` resources, turn by turn, and the median of the ratios within each
 * turn; beside them the same without any provider. Then one more preview through each door for the most memory that our process holds.
 *
 * Of new resources the engine asks a plugin twice, and the dynamic host once: for that one it makes up what a create would say. Where
 * nothing is to be done it asks both twice.
 */
export async function runDoorPreviews(count: number, repetitions: number): Promise<Row[]> {
  await using redis = await startRedis({ nodes: count, shardsPerNode: 0 });
  for (let uid = 1; uid <= count; uid++) redis.node(uid).putInMaintenance();
  const enter = (door: Door, program: string) => {
    const { files, config } = through(door);
    const endpoint = { "clusterops:connections.redis.endpoints[0]": redis.endpoints[0] as string };
    return Contender.enter(program, { ...config, ...endpoint }, files);
  };
  await using dynamic = await enter("dynamic", ours(count));
  await using native = await enter("native", ours(count));
  await using bare = await enter("native", floor(count));
  const all = [dynamic, native, bare];
  const reads = new Map<Contender, number>();
  const goal = count === 1 ? 0.8 : 0.75;
  const rows = async (kind: Kind, what: string) => {
    for (let turn = 0; turn < repetitions; turn++)
      for (const contender of turn % 2 === 0 ? all : all.toReversed()) {
        redis.resetCounts();
        await contender.run(kind);
        reads.set(contender, redis.counts().reads);
      }
    const of = `preview of ${count}, ${what}`;
    return [
      row(`${of}, s`, dynamic.seconds[kind], native.seconds[kind], goal),
      row(`${of}, s, without any provider`, dynamic.seconds[kind], bare.seconds[kind]),
    ];
  };
  const ofNew = await rows("preview", "new");
  const readsOf = (contender: Contender) => [reads.get(contender) as number];
  const once = [
    row(`preview of ${count}, new, reads`, readsOf(dynamic), readsOf(native), 1),
    row(`preview of ${count}, MiB of our process`, [await dynamic.peak()], [await native.peak()], 0.65),
  ];
  for (const contender of all) await contender.setUp();
  return [...ofNew, ...once, ...(await rows("noopPreview", "nothing to do"))];
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

function row(what: string, dynamic: number[], native: number[], goal?: number): Row {
  const ratio = quantile(
    native.map((value, turn) => value / (dynamic[turn] as number)),
    0.5,
  );
  return {
    what,
    dynamic: round(quantile(dynamic, 0.5)),
    native: round(quantile(native, 0.5)),
    ratio: round(ratio),
    goal: goal === undefined ? "" : `<= ${goal}`,
  };
}
