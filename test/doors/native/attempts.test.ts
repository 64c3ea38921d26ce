import assert from "node:assert/strict";
import { parse } from "../../../doors/shared/command-line.ts";
import { skipsCheckpoints } from "../../../doors/shared/update.ts";
import { unknown } from "../../../provider/index.ts";
import { type RedisSimulator, startRedis } from "../../../simulators/index.ts";
import { urnOf } from "./calls.ts";
import { PluginServer } from "./server.ts";

const [run, companion] = [urnOf("redis:NodeAction", "run"), urnOf("redis:NodeActionIntent", "run-intent")];
const inputs = { nodeUid: 3, action: "enslave_node" };
const command = (...words: string[]) => ({ line: parse(["up", ...words], {}) });
const notOnRecord = /what was there before this run is not on record|the record of what was there before/;

describe("what a plugin knows of an attempt at a run", () => {
  let redis: RedisSimulator;
  let plugin: PluginServer;
  const open = async (around: { line?: ReturnType<typeof parse>; env?: NodeJS.ProcessEnv } = {}) => {
    await plugin?.[Symbol.asyncDispose]();
    plugin = await PluginServer.start({ redis: { endpoints: redis.endpoints } }, around);
  };
  const unrecorded = () => plugin.said.warnings.filter((text) => notOnRecord.test(text));
  /** The companion's record, as it is in state. */
  const looked = async () => (await plugin.create(companion, inputs)).value;

  beforeEach(async () => {
    redis = await startRedis({ nodes: 4, actionMs: 20 });
    await open();
  });
  afterEach(async () => {
    await plugin[Symbol.asyncDispose]();
    await redis.close();
  });

  // It was warned of in every first preview, though the companion stood above it.
  it("is nothing much in a preview, where its companion has not looked yet", async () => {
    const { before } = (await plugin.create(companion, inputs, { preview: true })).value;
    assert.equal(before, unknown);
    await plugin.create(run, { ...inputs, before }, { preview: true });
    assert.deepEqual(unrecorded(), []);
    assert.equal(redis.counts().mutating, 0);
  });

  it("is that nothing is on record of what was before it, where no companion tells", async () => {
    await plugin.create(run, inputs, { preview: true });
    assert.match(unrecorded().join(), /no "before" of a NodeActionIntent is part of this update/);
  });

  it("is that its companion is left out of the update, which is then said", async () => {
    const record = await looked();
    await plugin.create(run, { ...inputs, ...record });
    for (const [words, isSaid] of [
      [["--target", "**run"], true],
      [["--exclude=**other"], true],
      [[], false],
    ] as const) {
      await open(command(...words));
      await plugin.update(
        run,
        "3",
        { ...inputs, ...record },
        { ...inputs, ...record, triggers: [1] },
        { preview: true },
      );
      assert.equal(unrecorded().length, isSaid ? 1 : 0, words.join());
      if (isSaid) assert.match(unrecorded().join(), /\(its NodeActionIntent\).*--target or --exclude limits/);
      // With it nothing is said.
      await open(command(...words));
      assert.equal((await plugin.diff(companion, { ...inputs, ...record }, inputs)).changes, false);
      await plugin.update(
        run,
        "3",
        { ...inputs, ...record },
        { ...inputs, ...record, triggers: [1] },
        { preview: true },
      );
      assert.deepEqual(unrecorded(), []);
    }
  });

  it("is that the state is written at the end only, which is said on the row of the stack", async () => {
    await open({ env: { PULUMI_SKIP_CHECKPOINTS: "true" } });
    for (const urn of [run, urnOf("redis:NodeAction", "other")])
      await plugin.create(urn, inputs, { preview: true });
    assert.deepEqual(plugin.said.warnings, [skipsCheckpoints]);
  });

  // `null` says that nothing stood there; on its way through the engine it became nothing at all.
  it("is, by its companion, that nothing was there before: a run that was killed is then found", async () => {
    const { before } = await looked();
    assert.equal((before as { seen: { taskBefore: unknown } }).seen.taskBefore, null);
    await plugin.create(run, { ...inputs, before });
    // The process was killed before that was in state.
    await open();
    await plugin.create(run, { ...inputs, before });
    assert.equal(redis.counts().mutating, 1);
  });

  it("is that it is forced, once its predecessor has been deleted", async () => {
    const { before } = await looked();
    const made = await plugin.create(run, { ...inputs, before });
    await open();
    await plugin.delete(run, "3", made.value);
    await plugin.create(run, { ...inputs, before });
    assert.equal(redis.counts().mutating, 2);
  });

  it("is that its companion's record is of this very attempt, where that has looked since", async () => {
    const made = await plugin.create(run, { ...inputs, ...(await looked()) });
    await open();
    await plugin.delete(run, "3", made.value);
    const { before } = await looked();
    await plugin.create(run, { ...inputs, before });
    await open();
    // Killed then: the record tells that the second one has run.
    await plugin.create(run, { ...inputs, before });
    assert.equal(redis.counts().mutating, 2);
  });

  // Programs in other languages have no class that says so: the new one is made first, adopts the node, and the old one's delete took it out.
  it("is, of what is replaced in the other order, that the deleted one only forgets", async () => {
    const window = urnOf("redis:NodeMaintenance");
    const { value } = await plugin.create(window, { nodeUid: 2 });
    await open();
    await plugin.create(window, { nodeUid: 2 });
    await plugin.delete(window, "2", value);
    assert.equal(redis.node(2).inMaintenance, true);
    assert.match(plugin.said.warnings.join(), /only forgotten, since it declares it, too; nothing was sent/);
  });

  it("is that a companion looks too early whose run is excluded: it looks again", async () => {
    const exclude = `--exclude=${run}`;
    await open(command(exclude));
    const { value } = await plugin.create(companion, inputs);
    assert.equal(value.__early, true);
    redis.node(3).start("enslave_node").finish();
    assert.equal((await plugin.diff(companion, value, inputs)).changes, false);
    await open();
    assert.deepEqual(
      await plugin.diff(companion, value, inputs).then(({ changes, details }) => [changes, details]),
      [true, []],
    );
    const later = (await plugin.update(companion, "3", value, inputs)).value;
    assert.notDeepEqual(later.before, value.before);
    assert.equal(later.__early, undefined);
    assert.equal((await plugin.diff(companion, later, inputs)).changes, false);
  });
});
