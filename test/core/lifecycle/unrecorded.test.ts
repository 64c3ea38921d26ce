import assert from "node:assert/strict";
import type { Context } from "../../../provider/core/work/context.ts";
import { contextFor } from "../../support/context.ts";
import { Incomplete } from "../../support/flat.ts";
import { fakeRun } from "./fake-run.ts";

const context = contextFor({ plain: { endpoint: "https://host.test" } });
const inputs = { seedId: "a" };

describe("a run of which a kill would leave no record", () => {
  const why = "may run once more";
  const warned = async (operate: (context: Context) => Promise<unknown>) => {
    const unrecorded = contextFor({ plain: { endpoint: "https://host.test" } });
    await operate(Object.assign(unrecorded, { unrecorded: why }));
    return unrecorded.said.warnings;
  };

  it("says so when it runs, and in the plan of that", async () => {
    const { outputs } = await fakeRun().create(context, inputs);
    const changed = { ...inputs, triggers: [1] };
    assert.deepEqual(await warned((on) => fakeRun().create(on, inputs)), [why]);
    assert.deepEqual(await warned((on) => fakeRun().update(on, "a", outputs, changed)), [why]);
    assert.deepEqual(await warned((on) => fakeRun().check(on, undefined, inputs)), [why]);
    assert.deepEqual(await warned((on) => fakeRun().check(on, inputs, changed)), [why]);
  });

  it("says so where the record is for other inputs", async () => {
    const { said, ...on } = contextFor({ plain: { endpoint: "https://host.test" } });
    const __before = { intent: "another", seen: {} };
    await fakeRun().create(on, { ...inputs, __before });
    await fakeRun().create({ ...on, forced: true }, { ...inputs, __before });
    assert.equal(said.warnings.length, 1);
    assert.match(said.warnings[0] ?? "", /^the record of what was there before this run is for other inputs/);
  });

  it("says nothing where nothing runs, or what does is on record", async () => {
    const { outputs } = await fakeRun().create(context, inputs);
    const other = { ...inputs, timeout: "5m" };
    assert.deepEqual(await warned((on) => fakeRun().update(on, "a", outputs, other)), []);
    assert.deepEqual(await warned((on) => fakeRun().check(on, inputs, other)), []);
    const breakingOff = fakeRun({
      run: async (scope) => {
        scope.keep({ task: "t1" });
        throw new Error("lost sight");
      },
    });
    const failure = await breakingOff.create(context, inputs).catch((error: unknown) => error);
    assert.ok(failure instanceof Incomplete);
    const left = failure.outputs;
    assert.deepEqual(await warned((on) => fakeRun().update(on, "a", left, inputs)), []);
  });
});
