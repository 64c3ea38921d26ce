import assert from "node:assert/strict";
import { decode, encode } from "../../../doors/native/codec.ts";
import { structOf } from "../../../doors/native/sealing.ts";
import { startFactFinder, startRedis } from "../../../simulators/index.ts";
import { failureOf, urnOf } from "./calls.ts";
import { PluginServer } from "./server.ts";

const canary = "planted-Sup3rSecret-93";

/** What stands in clear of what the engine is handed. */
function clear(properties: object, secrets: ReadonlySet<string>): string {
  return JSON.stringify(Object.entries(properties).filter(([name]) => !secrets.has(name)));
}

describe("secrets behind the native plugin", () => {
  it("stay secret within lists and objects, in check, create and update", async () => {
    await using redis = await startRedis({ nodes: 3, actionMs: 10 });
    await using plugin = await PluginServer.start({ redis: { endpoints: redis.endpoints } });
    const urn = urnOf("redis:NodeAction");
    const news = {
      nodeUid: 3,
      action: "enslave_node",
      triggers: ["a", canary],
      parameters: { why: [canary] },
    };
    const nested = { secrets: ["triggers", "parameters"] };
    const checked = await plugin.check(urn, undefined, news, nested.secrets);
    assert.deepEqual([...checked.inputs.secrets].sort(), ["parameters", "triggers"]);
    const made = await plugin.create(urn, news, nested);
    assert.doesNotMatch(clear(made.value, made.secrets), /Sup3r/);
    assert.ok(made.secrets.has("triggers") && made.secrets.has("parameters"));
    const { details } = await plugin.diff(urn, made.value, { ...news, triggers: ["a", "b"] }, nested.secrets);
    assert.deepEqual(details, ["triggers"]);
    assert.doesNotMatch(JSON.stringify(plugin.said), /Sup3r/);
  });

  it("stay secret where they stand in a list of connections, in what is recorded of an unfinished one and in a refresh", async () => {
    await using factfinder = await startFactFinder({ reloadMs: 5 });
    const [w1, w2] = factfinder.workers;
    await using plugin = await PluginServer.start({
      w1: { endpoint: w1?.url },
      director: { endpoint: factfinder.director.url },
    });
    const urn = urnOf("factfinder:DatabaseSync");
    const inline = { endpoint: w2?.url, username: "ops", password: canary };
    const inputs = { channel: "de", director: "director", nodes: ["w1", inline] };
    const made = await plugin.create(urn, inputs, { secrets: ["nodes"] });
    assert.doesNotMatch(clear(made.value, made.secrets), /Sup3r/);
    // A node that is behind drops out of the list: the secret one has then another place.
    w1?.setState("de", { databaseVersion: 1, deltaVersion: 0 });
    const read = await plugin.readDecoded(urn, "de", made.value, ["nodes"]);
    assert.deepEqual((read.inputs.value.nodes as unknown[]).length, 1);
    for (const { value, secrets } of [read.inputs, read.outputs])
      assert.doesNotMatch(clear(value, secrets), /Sup3r/);
    const gone = { ...inputs, nodes: ["w1", { ...inline, endpoint: "https://127.0.0.1:1" }], timeout: "1s" };
    const failure = await failureOf(plugin.create(urn, gone, { secrets: ["nodes"] }));
    assert.doesNotMatch(JSON.stringify([failure.message, plugin.said]), /Sup3r/);
  });

  it("stay secret where an output repeats them under another name, and nothing else becomes one", () => {
    const news = decode(encode({ seedIds: ["a", canary], throttle: "x" }, ["seedIds"]));
    const outputs = { seedIds: ["a", canary], released: [{ id: canary }], message: "fine", throttle: "x" };
    const { value, secrets } = decode(structOf({ properties: outputs, paths: [] }, news));
    assert.deepEqual([value, [...secrets].sort()], [outputs, ["released", "seedIds"]]);
  });

  // The timeline reads what is remembered out of an exported stack.
  it("leave memory readable, which holds a connection's address", () => {
    const connection = { endpoint: "https://host.test", password: canary };
    const news = decode(encode({ connection }, ["connection"]));
    const properties = { connection, __memory: { endpoints: ["https://host.test"] } };
    const { secrets } = decode(structOf({ properties, paths: ["connection"] }, news));
    assert.deepEqual([...secrets], ["connection"]);
  });
});
