import assert from "node:assert/strict";
import { decode, encode } from "../../../doors/native/codec.ts";
import { unknown } from "../../../provider/index.ts";
import { startRedis } from "../../../simulators/index.ts";
import { failureOf, urnOf } from "./calls.ts";
import { PluginServer } from "./server.ts";

const window = urnOf("redis:NodeMaintenance");

describe("values between Pulumi's engine and the native plugin", () => {
  it("come in clear, with the names of those that hold a secret", () => {
    const message = encode({ a: "x", b: { c: ["y"] }, d: unknown }, ["a"], ["b.c[0]"]);
    assert.match(JSON.stringify(message.toJavaScript()), /1b47061264138c4ac30d75fd1eb44270/);
    const { value, secrets } = decode(message);
    assert.deepEqual(value, { a: "x", b: { c: ["y"] }, d: unknown });
    assert.deepEqual([...secrets].sort(), ["a", "b"]);
  });

  // A record says by a null that nothing was there before; without it, it says nothing.
  it("are nothing where they are null, and what they hold stays null", () => {
    const { value } = decode(encode({ a: null, b: [null], c: { d: null } }));
    assert.deepEqual(value, { b: [null], c: { d: null } });
  });
});

describe("the native plugin", () => {
  it("keeps an inline connection secret, and a connection's name in clear", async () => {
    await using plugin = await PluginServer.start({ w1: { endpoint: "https://127.0.0.1:3" } });
    const inline = { endpoint: "https://127.0.0.1:1", username: "u", password: "Sup3rSecret" };
    const { inputs } = await plugin.check(window, undefined, { nodeUid: 2, connection: inline });
    assert.deepEqual([...inputs.secrets], ["connection"]);
    const fleet = await plugin.check(urnOf("factfinder:DatabaseSync"), undefined, {
      channel: "de",
      director: { endpoint: "https://127.0.0.1:1" },
      nodes: ["w1", { endpoint: "https://127.0.0.1:2" }],
    });
    assert.deepEqual([...fleet.inputs.secrets].sort(), ["director", "nodes"]);
  });

  it("repeats no credential in what it refuses", async () => {
    await using plugin = await PluginServer.start({});
    for (const connection of [
      "https://ops:Sup3rSecret@host.test",
      { endpoint: "no url", password: "Sup3rSecret" },
    ]) {
      const { failures } = await plugin.check(window, undefined, { nodeUid: 2, connection });
      assert.ok(failures.length > 0);
      assert.doesNotMatch(JSON.stringify(failures), /Sup3r/);
      // The engine prints the value of the property that is named.
      assert.ok(failures.every(({ property }) => property !== "connection"));
    }
  });

  it("says which property is wrong", async () => {
    await using plugin = await PluginServer.start({});
    const { failures } = await plugin.check(window, undefined, { nodeUid: 0 });
    assert.deepEqual(
      failures.map(({ property }) => property),
      ["nodeUid"],
    );
  });

  it("names the types that it has, for one of a newer version", async () => {
    await using plugin = await PluginServer.start({});
    const { message } = await failureOf(plugin.create(urnOf("redis:NodeTeleport"), {}));
    assert.match(message, /has no resource redis:NodeTeleport; it has redis:/);
  });

  it("looks ahead in a preview, sends nothing, and refuses what cannot work", async () => {
    await using redis = await startRedis({ nodes: 3 });
    await using plugin = await PluginServer.start({ redis: { endpoints: redis.endpoints } });
    await plugin.create(window, { nodeUid: 2 }, { preview: true });
    assert.match(plugin.said.plans.join(), /node 2: maintenance_on/);
    const { message } = await failureOf(plugin.create(window, { nodeUid: 7 }, { preview: true }));
    assert.match(message, /^nodeUid: .*node 7/);
    assert.equal(redis.counts().mutating, 0);
  });

  it("imports by id, and says what an id is", async () => {
    await using redis = await startRedis({ nodes: 3 });
    await using plugin = await PluginServer.start({ redis: { endpoints: redis.endpoints } });
    assert.equal(await plugin.read(window, "2", {}), undefined, "the node is not in maintenance");
    redis.node(2).start("maintenance_on").finish();
    const found = await plugin.read(window, "2", {});
    assert.deepEqual([found?.inputs.nodeUid, found?.outputs.inMaintenance], [2, true]);
    assert.match((await failureOf(plugin.read(window, "two", {}))).message, /an id is a node's uid/);
    const run = plugin.read(urnOf("redis:NodeAction"), "2", {});
    assert.match((await failureOf(run)).message, /cannot be imported: declare it/);
  });

  it("ends a wait at the engine's time-out, longer or shorter than its own, and records what is begun", async () => {
    await using redis = await startRedis({ nodes: 3 });
    await using plugin = await PluginServer.start({ redis: { endpoints: redis.endpoints } });
    redis.plan({ held: true });
    const failure = await failureOf(plugin.create(window, { nodeUid: 2 }, { timeout: 1 }));
    assert.match(failure.message, /not done within the timeout of 1.0s/);
    assert.equal(failure.recorded?.id, "2");
    assert.deepEqual(failure.recorded?.inputs, { nodeUid: 2 });
  });

  it("answers functions with the keys that every door has", async () => {
    await using redis = await startRedis({ nodes: 3 });
    await using plugin = await PluginServer.start({ redis: { endpoints: redis.endpoints } });
    const { nodes } = await plugin.invoke("clusterops:redis:getNodes", {});
    assert.equal((nodes as unknown[]).length, 3);
    const { possible, plan } = await plugin.invoke("clusterops:redis:canMaintain", { nodeUid: 2 });
    assert.deepEqual([possible, /^node 2: maintenance_on/.test(String(plan))], [true, true]);
  });
});
