import assert from "node:assert/strict";
import { startRedis, startTcf } from "../../simulators/index.ts";
import { failureOf } from "../rules/resource-case.ts";
import { closed, openStack, openToday } from "./stage.ts";

const [shut, open] = [closed["*"], openToday["*"]];

describe("a guard", () => {
  const rows: [what: string, guards: object, isRefused: boolean][] = [
    ["for all holds every connection", { "*": shut }, true],
    ["holds the connection of its name", { redis: shut }, true],
    ["for another connection holds nothing", { elsewhere: shut }, false],
    ["of the connection's own counts in place of the one for all", { "*": shut, redis: open }, false],
    [
      "for all counts where the connection's own says nothing of it",
      { "*": shut, redis: { maxNodesAway: 1 } },
      true,
    ],
    ["that freezes beats a window", { redis: { ...open, freezes: open.windows } }, true],
    [
      "for all that freezes beats a window of the connection's own",
      { "*": { freezes: open.windows }, redis: open },
      true,
    ],
    ["without windows and freezes lets everything pass", { "*": { minutesBetweenSwitches: 5 } }, false],
  ];
  for (const [what, guards, isRefused] of rows)
    it(what, async () => {
      await using redis = await startRedis();
      const { stack } = await openStack(
        "redis:NodeMaintenance",
        { redis: { endpoints: redis.endpoints }, elsewhere: { endpoint: "https://elsewhere.example" } },
        { guards },
      );
      const outcome = await stack.preview({ nodeUid: 2 }).catch((error: Error) => error.message);
      assert.match(outcome, isRefused ? /maintenance windows|frozen/ : /^create$/);
    });

  it("holds the installation, by whatever name or settings it is reached", async () => {
    await using redis = await startRedis();
    const [endpoint = ""] = redis.endpoints;
    const connections = {
      redis: { endpoint },
      alias: { endpoint: endpoint.replace("127.0.0.1", "localhost") },
    };
    for (const connection of ["alias", { endpoint }]) {
      const { stack } = await openStack("redis:NodeMaintenance", connections, { guards: { redis: shut } });
      const failure = await failureOf(stack.preview({ nodeUid: 2, connection }));
      assert.match(failure.message, /^clusterops:guards\.redis\.windows: outside of/);
    }
  });

  it("of one cluster holds its federation", async () => {
    await using tcf = await startTcf();
    const [east, west] = tcf.clusters.map(({ endpoints }) => ({ endpoints }));
    const { stack } = await openStack(
      "tcf:ActiveCluster",
      { east: east ?? {}, west: west ?? {} },
      { guards: { west: shut } },
    );
    const inputs = { active: "cluster2", clusters: { cluster1: "east", cluster2: "west" }, stableFor: "0s" };
    assert.match((await failureOf(stack.preview(inputs))).message, /clusterops:guards\.west\.windows/);
    assert.equal(tcf.counts().mutating, 0);
  });

  it("that is wrong refuses a stack in which nothing has changed, too", async () => {
    await using redis = await startRedis({ actionMs: 30 });
    const { stack, settings } = await openStack("redis:NodeMaintenance", {
      redis: { endpoints: redis.endpoints },
    });
    await stack.up({ nodeUid: 2 });
    settings.guards = { "*": { windows: [{ days: ["sat"], timeZone: "Nowhere" }] } };
    assert.match((await failureOf(stack.preview({ nodeUid: 2 }))).message, /"Nowhere" is no time zone/);
  });

  it("is overridden by name, and the reason is no place for a password", async () => {
    await using redis = await startRedis({
      actionMs: 30,
      auth: { users: [{ username: "ops", password: "hush-hush-71" }] },
    });
    const connections = { redis: { endpoints: redis.endpoints, username: "ops", password: "hush-hush-71" } };
    const { stack, said } = await openStack("redis:NodeMaintenance", connections, {
      guards: closed,
      override: "INC-4711, log in with hush-hush-71",
    });
    await stack.up({ nodeUid: 2 });
    assert.equal(stack.state?.outputs.overridden, "INC-4711, log in with [redacted]");
    assert.doesNotMatch(JSON.stringify([said, stack.state?.outputs.overridden]), /hush/);
  });
});
