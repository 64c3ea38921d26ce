import assert from "node:assert/strict";
import { unknown } from "../../../provider/core/data/unknown.ts";
import { lifecycle, recordedIn } from "../../../provider/index.ts";
import { contextFor } from "../../support/context.ts";
import { endpoint, fake, freshContext } from "../fake.ts";

describe("diff", () => {
  const recorded = { nodeUid: 2, role: "slave", timeout: "1m" };
  const table: [string, object, object, object][] = [
    ["no diff if nothing changed", recorded, { nodeUid: 2, timeout: "1m" }, {}],
    ["no diff by outputs alone", { ...recorded, role: "master" }, { nodeUid: 2, timeout: "1m" }, {}],
    [
      "no diff by the order of keys",
      { ...recorded, connection: { endpoint, token: "t" } },
      { nodeUid: 2, timeout: "1m", connection: { token: "t", endpoint } },
      {},
    ],
    [
      "an update if an input changed",
      recorded,
      { nodeUid: 2, timeout: "2m" },
      { timeout: { kind: "update" } },
    ],
    ["a delete if an input was dropped", recorded, { nodeUid: 2 }, { timeout: { kind: "delete" } }],
    ["an add if an input came", { nodeUid: 2 }, { nodeUid: 2, timeout: "1m" }, { timeout: { kind: "add" } }],
    [
      "a replacement if it means another object",
      recorded,
      { nodeUid: 3, timeout: "1m" },
      { nodeUid: { kind: "update", replace: true } },
    ],
    [
      "an update if an input is not known yet",
      recorded,
      { nodeUid: 2, timeout: unknown },
      { timeout: { kind: "update" } },
    ],
    [
      "an update if a part of an input is not known yet",
      { ...recorded, connection: { endpoint } },
      { nodeUid: 2, timeout: "1m", connection: { endpoint: unknown } },
      { connection: { kind: "update" } },
    ],
    [
      "an update if it is unfinished, whatever the inputs",
      { ...recorded, __unfinished: {} },
      { nodeUid: 2, timeout: "1m" },
      { unfinished: { kind: "update" } },
    ],
  ];
  for (const [type, inputs] of [
    ["tcf:ActiveCluster", { active: "a", clusters: { a: "east", b: "west" } }],
    ["factfinder:DatabaseSync", { channel: "de", director: "director", nodes: ["worker"] }],
  ] as const)
    it(`of ${type}, an update if what is on record names no connection`, async () => {
      const changes = await lifecycle(type).diff(freshContext(), recordedIn({}, undefined), { ...inputs });
      assert.deepEqual(Object.keys(changes).sort(), Object.keys(inputs).sort());
    });

  for (const [what, type, recorded, inputs, said] of [
    [
      "its run is to be resumed",
      "factfinder:DatabasePrune",
      { channel: "de" },
      { channel: "de" },
      "factfinder channel de: not finished last time; will be resumed",
    ],
    [
      "another run is asked for, and that one not resumed",
      "factfinder:DatabasePrune",
      { channel: "de" },
      { channel: "en" },
      "factfinder channel de: not finished last time; its inputs have changed since: this is another run",
    ],
    [
      "another object takes its place, and it is not resumed",
      "redis:NodeMaintenance",
      { nodeUid: 2 },
      { nodeUid: 3 },
      "redis node 2: not finished last time; not resumed, since it is replaced",
    ],
    [
      "its goal alone has changed",
      "tcf:ClusterRole",
      { role: "active" },
      { role: "passive" },
      "tcf cluster tcf: not finished last time; will be resumed",
    ],
  ] as const)
    it(`in a preview says of what is unfinished that ${what}`, async () => {
      const context = contextFor({}, { preview: true });
      await lifecycle(type).diff(context, recordedIn({ ...recorded, __unfinished: {} }, undefined), inputs);
      assert.deepEqual(context.said.plans, [said]);
    });

  it("no diff if what was recorded lacks an input that has had a default only since", async () => {
    const resource = fake({ type: "NodeMaintenance" });
    const { inputs } = await resource.check(freshContext(), undefined, {
      nodeUid: 2,
      overwriteSnapshot: true,
    });
    assert.equal(inputs.evictHaReplica, true);
    const old = { nodeUid: 2, overwriteSnapshot: true, role: "slave" };
    assert.deepEqual(await resource.diff(freshContext(), old, inputs), {});
    assert.deepEqual(await resource.diff(freshContext(), old, { ...inputs, evictHaReplica: false }), {
      evictHaReplica: { kind: "update" },
    });
  });

  for (const [what, before, after, expected] of table) {
    it(what, async () => {
      const resource = fake({ replaceOn: ["nodeUid"] });
      assert.deepEqual(
        await resource.diff(
          freshContext(),
          before as Record<string, unknown>,
          after as Record<string, unknown>,
        ),
        expected,
      );
    });
  }
});
