import assert from "node:assert/strict";
import { isOtherwiseLimited, replacedFor, timeoutOf } from "../../../doors/dynamic/options.ts";

describe("the options of a resource, in the host:", () => {
  const olds = { nodes: ["a", "b"], clusters: { east: "e", west: "w", "a.b": 1 }, channel: "de" };
  const rows: [path: string, news: object, replaced: string[]][] = [
    ["channel", { channel: "fr" }, ["channel"]],
    ["channel", { nodes: ["a"] }, []],
    ["*", { channel: "fr", nodes: ["a"] }, ["channel", "nodes"]],
    ["nodes", { nodes: ["a"] }, ["nodes"]],
    ["nodes[0]", { nodes: ["x", "b"] }, ["nodes"]],
    ["nodes[0]", { nodes: ["a", "x"] }, []],
    ["nodes[*]", { nodes: ["a", "x"] }, ["nodes"]],
    ["clusters.east", { clusters: { ...olds.clusters, west: "x" } }, []],
    ["clusters.east", { clusters: { ...olds.clusters, east: "x" } }, ["clusters"]],
    [`clusters["a.b"]`, { clusters: { ...olds.clusters, "a.b": 2 } }, ["clusters"]],
    [`clusters["a.b"]`, { clusters: { ...olds.clusters, east: "x" } }, []],
    ["clusters.east", { clusters: undefined }, ["clusters"]],
    ["chan", { channel: "fr" }, []],
  ];
  for (const [path, changed, replaced] of rows) {
    it(`with replaceOnChanges ${path}, ${JSON.stringify(changed)} replaces for ${replaced.join(" and ") || "nothing"}`, () => {
      const news = { ...olds, ...changed, __options: { replaceOnChanges: [path] } };
      assert.deepEqual(replacedFor(Object.keys(changed), olds, news).sort(), replaced);
    });
  }

  it("unfinished work is no property that * names", () =>
    assert.deepEqual(
      replacedFor(["unfinished"], olds, { ...olds, __options: { replaceOnChanges: ["*"] } }),
      [],
    ));

  it("customTimeouts is the limit of its operation, in seconds", () => {
    const limited = { __options: { customTimeouts: { create: "1h30m", delete: "" } } };
    assert.deepEqual(
      (["create", "update", "delete"] as const).map((operation) => timeoutOf(limited, operation)),
      [5_400, undefined, undefined],
    );
    assert.equal(timeoutOf({}, "create"), undefined);
  });

  it("a changed customTimeouts is recorded, as the next delete reads it there", () => {
    const limited = { __options: { customTimeouts: { delete: "5m" } } };
    assert.equal(isOtherwiseLimited({}, {}), false);
    assert.equal(isOtherwiseLimited({}, limited), true);
    assert.equal(isOtherwiseLimited(limited, structuredClone(limited)), false);
    assert.equal(isOtherwiseLimited(limited, {}), true);
  });
});
