import assert from "node:assert/strict";

import { RunFailed } from "../../../provider/core/data/errors.ts";

import { intentResource } from "../../../provider/core/lifecycle/companion.ts";
import { intentOf } from "../../../provider/core/lifecycle/intent.ts";
import { lifecycleOf } from "../../../provider/core/lifecycle/lifecycle.ts";
import { contextFor } from "../../support/context.ts";
import { flat, Incomplete } from "../../support/flat.ts";
import { plain } from "../client.ts";
import { type FakeRun, fakeRun, type Inputs } from "./fake-run.ts";

describe("a run resource", () => {
  const context = contextFor({
    plain: { endpoint: "https://host.test" },
    other: { endpoint: "https://host.test" },
  });
  let runs: unknown[];
  beforeEach(() => {
    runs = [];
  });

  const fake = (parts?: Partial<FakeRun>) => fakeRun(parts, runs);

  const inputs = { seedId: "a" };

  for (const [what, recorded, given, expected] of [
    ["nothing has changed", inputs, inputs, 1],
    ["the connection is another to the same installation", inputs, { ...inputs, connection: "other" }, 1],
    ["the timeout is another", inputs, { ...inputs, timeout: "2m" }, 1],
    ["an input has changed", inputs, { seedId: "b" }, 2],
    ["triggers came", inputs, { ...inputs, triggers: [1] }, 2],
    [
      "triggers have changed",
      { ...inputs, triggers: [1, { a: 1 }] },
      { ...inputs, triggers: [1, { a: 2 }] },
      2,
    ],
    [
      "triggers are the same",
      { ...inputs, triggers: [1, { a: 1 }] },
      { ...inputs, triggers: [1, { a: 1 }] },
      1,
    ],
    ["triggers were dropped", { ...inputs, triggers: [1] }, inputs, 2],
  ] as const) {
    it(`has run ${expected === 1 ? "once" : "twice"} when ${what}`, async () => {
      const resource = fake();
      const { outputs } = await resource.create(context, { ...recorded });
      const { outputs: updated } = await resource.update(context, "a", outputs, { ...given });
      assert.equal(runs.length, expected);
      assert.equal(updated.message, `run ${expected}`);
    });
  }

  describe("that was recorded before there was an input with a default", () => {
    const parts = { type: "NodeAction", id: () => "2", subject: () => "plain node 2" };
    const old = { nodeUid: 2, action: "enslave_node" };
    const now = { ...old, onTimeout: "leave" };

    it("runs nothing for the default, and runs for another value", async () => {
      const { outputs } = await fake(parts).create(context, old);
      await fake(parts).update(context, "2", outputs, now);
      assert.equal(runs.length, 1);
      await fake(parts).update(context, "2", outputs, { ...now, onTimeout: "cancel" });
      assert.equal(runs.length, 2);
    });

    it("looks no further in a preview", async () => {
      let looks = 0;
      const looking = fake({ ...parts, plan: async () => ({ warnings: [`look ${++looks}`] }) });
      await looking.check(context, old, old);
      assert.equal(looks, 0);
      await looking.check(context, old, { ...old, onTimeout: "cancel" });
      assert.equal(looks, 1);
    });

    it("goes on with its handle as the same run", async () => {
      await fake(parts).update(context, "2", { ...old, __unfinished: { task: "t1" } }, now);
      assert.deepEqual(runs, [{ handle: { task: "t1" }, changed: [] }]);
    });

    it("is told by its companion's record what was there before it", async () => {
      const seen: unknown[] = [];
      const look = { system: plain, type: "NodeAction", id: () => "2", subject: () => "plain node 2" };
      const companion = flat(
        lifecycleOf(
          intentResource<Inputs>(
            look as unknown as Parameters<typeof intentResource<Inputs>>[0],
            async () => ({
              task: "t0",
            }),
          ),
        ),
      );
      const { outputs } = await companion.create(context, old);
      const told = fake({
        ...parts,
        run: async (_scope, _inputs, _unfinished, before) => {
          seen.push(before);
          return { message: "" };
        },
      });
      await told.create(context, { ...now, __before: outputs.before });
      await told.create(context, { ...now, onTimeout: "cancel", __before: outputs.before });
      assert.deepEqual(seen, [{ task: "t0" }, undefined]);
    });
  });

  it("runs nothing when an input changed that only says how", async () => {
    const resource = fake({ noRerunOn: ["seedId"] });
    const { outputs } = await resource.create(context, inputs);
    await resource.update(context, "a", outputs, { seedId: "b" });
    assert.equal(runs.length, 1);
  });

  const breakingOff = fake({
    run: async (scope) => {
      scope.keep({ task: "t1" });
      throw new Error("lost sight");
    },
  });
  const broken = async () => {
    const failure = await breakingOff.create(context, inputs).catch((error: unknown) => error);
    assert.ok(failure instanceof Incomplete);
    return failure.outputs;
  };

  it("that was broken off goes on with its handle, and is told what has changed since", async () => {
    await fake().update(context, "a", await broken(), inputs);
    await fake().update(context, "a", await broken(), { ...inputs, triggers: [1], timeout: "5m" });
    assert.deepEqual(runs, [
      { handle: { task: "t1" }, changed: [] },
      { handle: { task: "t1" }, changed: ["triggers"] },
    ]);
  });

  it("that failed runs again without its handle", async () => {
    const failing = fake({
      run: async (scope) => {
        scope.keep({ task: "t1" });
        throw new RunFailed("aborted", { message: "aborted by jdoe" });
      },
    });
    const failure = await failing.create(context, inputs).catch((error: unknown) => error);
    assert.ok(failure instanceof Incomplete);
    assert.deepEqual(failure.outputs.__unfinished, { task: "t1", failed: "aborted" });
    assert.equal(failure.outputs.message, "aborted by jdoe");
    await fake().update(context, "a", failure.outputs, inputs);
    assert.deepEqual(runs, [undefined]);
  });

  it("that its user forces is told of no earlier attempt", async () => {
    const told: unknown[] = [];
    const resource = fake({
      type: "NodeAction",
      id: () => "2",
      run: async (_scope, _inputs, unfinished, before) => {
        told.push([unfinished, before]);
        return { message: "" };
      },
    });
    const given = { nodeUid: 2, action: "enslave_node" };
    const intent = intentOf("NodeAction", given, new Set(["connection", "timeout"]));
    const __before = { intent, seen: { task: "t0" } };
    await resource.create(context, { ...given, __before });
    await resource.create({ ...context, forced: true }, { ...given, __before });
    assert.deepEqual(told, [
      [undefined, { task: "t0" }],
      [undefined, undefined],
    ]);
  });

  it("is read as it was recorded", async () => {
    const { outputs } = await fake().create(context, inputs);
    assert.deepEqual(await fake().read(context, outputs), { inputs, outputs });
  });

  it("is cancelled by a delete only while it is unfinished", async () => {
    const cancelled: unknown[] = [];
    const resource = fake({
      cancel: async (_scope, { seedId }, handle) => void cancelled.push([seedId, handle]),
    });
    const { outputs } = await resource.create(context, inputs);
    await resource.delete(context, outputs);
    await resource.delete(context, { ...outputs, __unfinished: { task: "t1", failed: "aborted" } });
    assert.deepEqual(cancelled, []);
    await resource.delete(context, await broken());
    assert.deepEqual(cancelled, [["a", { task: "t1" }]]);
    await fake().delete(context, await broken());
  });

  it("says in a preview what it will do, but not when it will do nothing", async () => {
    const resource = fake({ plan: async () => ({ plan: "run" }) });
    await resource.check(context, undefined, inputs);
    await resource.check(context, inputs, { ...inputs, timeout: "5m" });
    await resource.check(context, inputs, inputs);
    assert.deepEqual(context.said.plans, ["run"]);
    await resource.check(context, inputs, { ...inputs, triggers: [1] });
    assert.deepEqual(context.said.plans, ["run", "run"]);
  });
});
