import { PulumiProject } from "../../scripts/pulumi-project.ts";
import { type RedisSimulator, startRedis } from "../../simulators/index.ts";
import { peakMemory } from "./peak-memory.ts";
import { quantile, round } from "./report.ts";
import { type Door, through } from "./through.ts";
import { runWaits } from "./waits.ts";

type Row = Record<string, string | number>;

const program = (count: number) => `import { redis } from "pulumi-clusterops";
for (let uid = 1; uid <= ${count}; uid++)
  new redis.NodeMaintenance("node-" + uid, { nodeUid: uid, timeout: "30m", allowOtherNodesUnavailable: true });`;

/** What is left without any provider: the same inputs in resources of the engine's own. */
const floor = (count: number) => `import * as pulumi from "@pulumi/pulumi";
for (let uid = 1; uid <= ${count}; uid++)
  new pulumi.Stash("node-" + uid, { input: { nodeUid: uid, timeout: "30m", allowOtherNodesUnavailable: true } });`;

const options = { check: true, limit: 600_000 };

/** A project whose previews are timed: of new resources, and with nothing to do. */
class Contender implements AsyncDisposable {
  readonly project: PulumiProject;
  readonly seconds = { new: [] as number[], "nothing to do": [] as number[] };
  reads = 0;

  private constructor(project: PulumiProject) {
    this.project = project;
  }

  static async enter(door: Door, text: string, { endpoints }: RedisSimulator): Promise<Contender> {
    const { files, config } = through(door);
    const endpoint = { "clusterops:connections.redis.endpoints[0]": endpoints[0] as string };
    return new Contender(
      await PulumiProject.create({ program: text, files, config: { ...config, ...endpoint } }),
    );
  }

  async preview(what: keyof Contender["seconds"]): Promise<void> {
    this.seconds[what].push((await this.project.preview(options)).seconds);
  }

  /** The most that our process holds in a preview, in MiB. */
  async peak(): Promise<number> {
    const preview = this.project.start("preview", options);
    const peak = await peakMemory(preview);
    await preview.done;
    return peak;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.project.remove();
  }
}

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
  await using dynamic = await Contender.enter("dynamic", program(count), redis);
  await using native = await Contender.enter("native", program(count), redis);
  await using bare = await Contender.enter("native", floor(count), redis);
  const all = [dynamic, native, bare];
  const inTurn = async (what: keyof Contender["seconds"]) => {
    for (let turn = 0; turn < repetitions; turn++)
      for (const contender of turn % 2 === 0 ? all : all.toReversed()) {
        redis.resetCounts();
        await contender.preview(what);
        contender.reads = redis.counts().reads;
      }
  };
  const goal = count === 1 ? 0.8 : 0.75;
  const rows = async (what: keyof Contender["seconds"]) => {
    await inTurn(what);
    const of = `preview of ${count}, ${what}`;
    return [
      row(`${of}, s`, dynamic.seconds[what], native.seconds[what], goal),
      row(`${of}, s, without any provider`, dynamic.seconds[what], bare.seconds[what]),
    ];
  };
  const ofNew = await rows("new");
  const reads = row(`preview of ${count}, new, reads`, [dynamic.reads], [native.reads], 1);
  const memory = row(
    `preview of ${count}, MiB of our process`,
    [await dynamic.peak()],
    [await native.peak()],
    0.65,
  );
  for (const { project } of all) await project.up(options);
  return [...ofNew, reads, memory, ...(await rows("nothing to do"))];
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
