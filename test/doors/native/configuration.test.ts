import assert from "node:assert/strict";
import rpc from "@pulumi/pulumi/proto/provider_pb.js";
import { encode } from "../../../doors/native/codec.ts";
import { unknown } from "../../../provider/index.ts";
import { startRedis } from "../../../simulators/index.ts";
import { failureOf, urnOf } from "./calls.ts";
import { PluginServer } from "./server.ts";

const window = urnOf("redis:NodeMaintenance");
const connections = { redis: { endpoint: "https://host.test", username: "u", password: "Sup3rSecret" } };
const text = JSON.stringify(connections);

describe("the configuration of the native plugin", () => {
  it("is not recorded where it is the stack's own", async () => {
    await using plugin = await PluginServer.start(connections);
    for (const name of ["default", "default_0_1_0"])
      for (const given of [text, connections])
        assert.deepEqual((await plugin.checkConfig({ connections: given }, name)).inputs.value, {});
  });

  // The stack's may change without the program: refresh and destroy would then go by that.
  it("is recorded as a secret where an explicit provider has it, also when it is the same as the stack's", async () => {
    await using plugin = await PluginServer.start(connections);
    const { inputs } = await plugin.checkConfig({ connections: text }, "east");
    assert.deepEqual([inputs.value, [...inputs.secrets]], [{ connections: text }, ["connections"]]);
  });

  it("is refused where it is no object, and none of its value is printed", async () => {
    await using plugin = await PluginServer.start({});
    const bad = ["https://ops:Sup3rSecret@host.test", '["Sup3rSecret:1"]', "{ not: json Sup3rSecret", "5"];
    for (const value of bad) {
      const { failures } = await plugin.checkConfig({ connections: value }, "east");
      assert.match(JSON.stringify(failures), /must be an object: the name of each connection/, value);
      assert.doesNotMatch(JSON.stringify(failures), /Sup3r/);
      // The engine prints the value of the property that is named.
      if (value.includes(":")) assert.equal(failures[0]?.property, "");
    }
  });

  it("is refused where an argument is misspelled, and takes what the engine adds", async () => {
    await using plugin = await PluginServer.start({});
    const given = { conections: text, __internal: { version: "1" }, version: "0.1.0" };
    const { failures } = await plugin.checkConfig(given, "east");
    assert.deepEqual(
      failures.map(({ reason }) => reason),
      [
        "conections is no argument of the provider, which takes connections, events, expect, guards, override, refreshBeforeUpdate, traceparent",
      ],
    );
    // What else stands in the stack's configuration comes as arguments of the default provider.
    assert.deepEqual((await plugin.checkConfig({ door: "native" }, "default")).failures, []);
  });

  it("takes guards and an override, and keeps those of the stack whose connections it knows", async () => {
    const stack = {
      guards: { "*": { maxNodesAway: 1 }, redis: { maxNodesAway: 1 }, elsewhere: { maxNodesAway: 2 } },
    };
    await using plugin = await PluginServer.start(connections, { settings: stack });
    const { config } = plugin.configuration;
    assert.deepEqual(JSON.parse(config("clusterops:guards") ?? ""), stack.guards);
    plugin.configuration.configure({ connections: text });
    assert.deepEqual(Object.keys(JSON.parse(config("clusterops:guards") ?? "")), ["*", "redis"]);
    const own = JSON.stringify({ redis: { maxNodesAway: 3 } });
    plugin.configuration.configure({ connections: text, guards: own, override: "INC-4711: why" });
    assert.deepEqual([config("clusterops:guards"), config("clusterops:override")], [own, "INC-4711: why"]);
    const { failures } = await plugin.checkConfig({ connections: text, guards: own, override: "x" }, "east");
    assert.deepEqual(failures, []);
  });

  it("of an explicit provider is no way round the stack's guards: they hold the installation by whatever name", async () => {
    await using redis = await startRedis({ nodes: 3 });
    const [endpoint = ""] = redis.endpoints;
    const settings = { guards: { redis: { windows: [{ from: "2098-12-06T22:00:00Z" }] } } };
    await using plugin = await PluginServer.start({ redis: { endpoint } }, { settings });
    const inputs = { nodeUid: 2, connection: "mine" };
    for (const [where, isHeld] of [
      [endpoint.replace("127.0.0.1", "localhost"), true],
      ["https://127.0.0.1:1", false],
    ] as const) {
      plugin.configuration.configure({ connections: JSON.stringify({ mine: { endpoint: where } }) });
      const said = await plugin.create(window, inputs, { preview: true }).then(
        () => "",
        (error: Error) => error.message,
      );
      assert.equal(/clusterops:guards\.redis\.windows: outside of/.test(said), isHeld, said);
    }
    assert.equal(redis.counts().mutating, 0);
  });

  it("may be unknown in a preview, which then says that it looks at nothing", async () => {
    await using plugin = await PluginServer.start({});
    const { inputs, failures } = await plugin.checkConfig({ connections: unknown }, "east");
    assert.deepEqual([inputs.value, failures], [{ connections: unknown }, []]);
    assert.match(plugin.said.warnings.join(), /connections of this provider are not known yet: this preview/);
    const diff = new rpc.DiffRequest();
    diff.setOldInputs(encode({ connections: text }));
    diff.setNews(encode({ connections: unknown }));
    const answer = await plugin.call<rpc.DiffResponse>("diffConfig", diff);
    assert.deepEqual(
      [answer.getChanges(), answer.getReplacesList()],
      [rpc.DiffResponse.DiffChanges.DIFF_SOME, []],
    );
  });

  it("of an explicit provider wins over the stack's, and says of itself what is missing", async () => {
    await using redis = await startRedis({ nodes: 3 });
    await using plugin = await PluginServer.start({ redis: { endpoint: "https://127.0.0.1:1" } });
    await plugin.configure({ connections: JSON.stringify({ redis: { endpoints: redis.endpoints } }) });
    await plugin.create(window, { nodeUid: 2 }, { preview: true });
    assert.match(plugin.said.plans.join(), /node 2: maintenance_on/);
    const { failures } = await plugin.check(window, undefined, { nodeUid: 2, connection: "west" });
    assert.match(
      JSON.stringify(failures),
      /set connections\.west\.endpoints\[0\] to https:\/\/\.\.\. in the arguments of its provider/,
    );
  });

  it("of the default provider is the stack's as it is now, not as an import has recorded it", async () => {
    await using redis = await startRedis({ nodes: 3 });
    await using plugin = await PluginServer.start({ redis: { endpoints: redis.endpoints } });
    const recorded = { connections: JSON.stringify({ redis: { endpoint: "https://127.0.0.1:1" } }) };
    redis.node(2).putInMaintenance();
    await plugin.configure(recorded, { name: "default_1_2_3" });
    assert.ok(await plugin.read(window, "2", { nodeUid: 2, inMaintenance: true }));
    const { failures } = await plugin.check(window, undefined, { nodeUid: 2, connection: "west" });
    assert.match(JSON.stringify(failures), /pulumi config set --path 'clusterops:connections\.west/);
  });

  it("tells a mistake in the stack's keys from a connection that nobody has set", async () => {
    const PULUMI_CONFIG = JSON.stringify({ "connections.redis.endpoint": "https://host.test" });
    await using plugin = await PluginServer.start({}, { env: { PULUMI_CONFIG } });
    const { failures } = await plugin.check(window, undefined, { nodeUid: 2 });
    assert.match(JSON.stringify(failures), /clusterops:connections\.redis\.endpoint was set without --path/);
  });

  describe("after a rotation", () => {
    const users = (password: string) => ({ auth: { users: [{ username: "ops", password }] } });

    it("is the present one of the stack, and a refusal says nothing of an earlier one", async () => {
      await using redis = await startRedis({ nodes: 3, ...users("new") });
      redis.node(2).start("maintenance_on").finish();
      const at = { endpoints: redis.endpoints, username: "ops" };
      await using rotated = await PluginServer.start({ redis: { ...at, password: "new" } });
      assert.ok(await rotated.read(window, "2", { nodeUid: 2 }));
      await rotated.delete(window, "2", { nodeUid: 2, inMaintenance: true });
      await using wrong = await PluginServer.start({ redis: { ...at, password: "old" } });
      const { message } = await failureOf(wrong.read(window, "2", { nodeUid: 2 }));
      assert.match(message, /401/);
      assert.doesNotMatch(message, /after a rotation/);
    });

    it("is an explicit provider's of the last update, and a refusal says what to do", async () => {
      await using redis = await startRedis({ nodes: 3, ...users("new") });
      const old = { redis: { endpoints: redis.endpoints, username: "ops", password: "old" } };
      await using plugin = await PluginServer.start({});
      await plugin.configure({ connections: JSON.stringify(old) });
      const { message } = await failureOf(plugin.read(window, "2", { nodeUid: 2 }));
      assert.match(message, /after a rotation, run pulumi up first, or add --run-program.*CLUSTEROPS_REDIS_/);
    });
  });
});
