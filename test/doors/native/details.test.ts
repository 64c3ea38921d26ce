import assert from "node:assert/strict";
import { detailsOf } from "../../../doors/native/details.ts";
import { unknown } from "../../../provider/index.ts";
import { startRedis } from "../../../simulators/index.ts";
import { urnOf } from "./calls.ts";
import { PluginServer } from "./server.ts";

const update = { kind: "update" } as const;

describe("what the engine is told of a difference", () => {
  const rows: [what: string, before: unknown, after: unknown, paths: Record<string, string>][] = [
    ["a value", 1, 2, { p: "update" }],
    ["an entry of a list", [1, 2], [1, 3], { "p[1]": "update" }],
    ["a longer list", ["a"], ["a", "b"], { "p[1]": "add" }],
    ["a shorter list", ["a", "b"], ["a"], { "p[1]": "delete" }],
    ["a key of an object", { a: { b: 1 }, c: 1 }, { a: { b: 2 }, c: 1 }, { "p.a.b": "update" }],
    [
      "a key that holds a dot or a quote",
      { "a.b": 1 },
      { 'c"d': 1 },
      { 'p["a.b"]': "delete", 'p["c\\"d"]': "add" },
    ],
    ["another kind of value", { a: 1 }, ["a"], { p: "update" }],
    ["a value that is not known yet", { a: 1 }, { a: unknown }, { "p.a": "update" }],
    ["a null", { a: null }, { a: 1 }, { "p.a": "update" }],
  ];
  for (const [what, before, after, paths] of rows) {
    it(`is where it is: ${what}`, () => {
      const details = detailsOf({ p: update }, { p: before }, { p: after }, new Set());
      assert.deepEqual(Object.fromEntries([...details].map(([path, { kind }]) => [path, kind])), paths);
    });
  }

  it("is that all of it differs, where something in it is secret", () => {
    const [olds, news] = [{ p: { password: "old" } }, { p: { password: "new" } }];
    assert.deepEqual([...detailsOf({ p: update }, olds, news, new Set(["p"])).keys()], ["p"]);
  });

  it("is where another object begins", () => {
    const changes = { p: { kind: "update", replace: true } as const };
    assert.equal(detailsOf(changes, { p: [1] }, { p: [2] }, new Set()).get("p[0]")?.replace, true);
  });

  it("is nothing of what no program has written", () => {
    const changes = { unfinished: update, installation: update, __memory: { kind: "delete" as const } };
    assert.equal(detailsOf(changes, {}, { nodeUid: 2 }, new Set()).size, 0);
  });

  // `replaceOnChanges: ["*"]` would else take a node out of maintenance because its wait ran out.
  it("names no property where work is only unfinished", async () => {
    await using redis = await startRedis({ nodes: 3 });
    await using plugin = await PluginServer.start({ redis: { endpoints: redis.endpoints } });
    const memory = { v: 1, handle: { taskId: "t" } };
    const urn = urnOf("redis:NodeMaintenance");
    const { inputs } = await plugin.check(urn, undefined, { nodeUid: 2 });
    const diff = await plugin.diff(urn, { ...inputs.value, __memory: memory }, inputs.value);
    assert.deepEqual([diff.changes, diff.diffs, diff.details, diff.replaces], [true, [], [], []]);
    const other = await plugin.diff(urn, inputs.value, { ...inputs.value, nodeUid: 3, evictDbs: [1] });
    assert.deepEqual(
      [other.replaces, other.details.sort(), other.diffs.sort(), other.deleteBeforeReplace],
      [["nodeUid"], ["evictDbs", "nodeUid"], ["evictDbs", "nodeUid"], true],
    );
  });
});
