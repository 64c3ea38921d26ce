import assert from "node:assert/strict";
import { pack } from "../../../doors/terraform/codec.ts";
import type { Diagnostic } from "../../../doors/terraform/diagnostics.ts";
import { unknown } from "../../../provider/index.ts";
import { startRedis } from "../../../simulators/index.ts";
import { blockOf } from "./block.ts";
import { TerraformServer } from "./server.ts";
import { action, config, dynamic, intent, nothing, open, texts, window } from "./stage.ts";

describe("a plan of the provider of Terraform", () => {
  it("completes what is not written with its defaults, and knows nothing of what is only read", async () => {
    await using stage = await open();
    const { state } = await stage.server.plan(window, nothing, config(window, { node_uid: 2 }));
    const { evict_ha_replica: evict, connection, timeout, in_maintenance: reached, id, ready } = state ?? {};
    assert.deepEqual([evict, connection, timeout], [true, null, null]);
    assert.deepEqual([reached, id, ready], [unknown, unknown, unknown]);
  });

  it("says at which attribute something is wrong, in the words of the configuration", async () => {
    await using stage = await open();
    const { server } = stage;
    const [wrong] = await server.validate(window, config(window, { node_uid: 0, timeout: "soon" }));
    assert.match(wrong?.summary ?? "", /^(node_uid|timeout): /);
    const away = await server.plan(window, nothing, config(window, { node_uid: 9 }));
    assert.match(texts(away.diagnostics), /node_uid: .*no node 9.*1, 2, 3/);
    assert.deepEqual(away.diagnostics[0]?.attribute?.steps, [{ attributeName: "node_uid" }]);
    const elsewhere = await server.plan(window, nothing, config(window, { node_uid: 2, connection: "east" }));
    assert.match(texts(elsewhere.diagnostics), /set connections\.east\.endpoints .* provider "clusterops"/);
    const long = dynamic(["object", { id: "number" }], { id: "12345678901234567890" });
    const [inexact] = await server.validate(
      action,
      config(action, { node_uid: 2, action: "x", parameters: long }),
    );
    assert.match(inexact?.summary ?? "", /parameters: 12345678901234567890 has more digits/);
    // As Terraform sends 1e400.
    const endless = await server.validate(window, config(window, { node_uid: `1${"0".repeat(400)}` }));
    assert.equal(
      texts(endless),
      "node_uid: 10000000000000000000... (401 digits) has more digits than are sent exactly: write it as a text",
    );
    assert.equal(stage.redis.counts().mutating, 0);
  });

  it("judges the provider's block offline: forms, and not what the environment or a resource may still bring", async () => {
    await using stage = await open();
    const judged = async (connections: object) => {
      const block = pack(blockOf({ connections }));
      const { diagnostics = [] } = await stage.server.call<{ diagnostics?: Diagnostic[] }>(
        "ValidateProviderConfig",
        { config: block },
      );
      return diagnostics.map(({ summary, attribute }) => [summary, attribute?.steps]);
    };
    const good = { endpoints: ["https://cluster.example:9443"], username: "ops", password: "secret" };
    assert.deepEqual(await judged({ redis: good, east: { username: "ops", password: "x" } }), []);
    const [[text] = []] = await judged("https://ops:hunter2@cluster.example" as never);
    assert.match(
      String(text),
      /^connections: is not an object with one entry per connection: remove connections in/,
    );
    const [[said, steps] = []] = await judged({ redis: { ...good, requestTimeout: "soon" } });
    assert.match(String(said), /^connections\.redis\.request_timeout: .*soon/);
    assert.deepEqual(steps, [
      { attributeName: "connections" },
      { elementKeyString: "redis" },
      { attributeName: "request_timeout" },
    ]);
    const [[userinfo] = []] = await judged({ redis: { endpoints: ["https://ops:hunter2@cluster.example"] } });
    assert.match(String(userinfo), /endpoints\[0\]/);
    assert.doesNotMatch(String(userinfo), /hunter2/);
    assert.equal(stage.redis.requests.length, 0);
  });

  it("looks nothing up, and refuses nothing, while the connections are not known yet", async () => {
    await using stage = await open();
    const { server, redis } = stage;
    await server.configure({ connections: unknown });
    const { state, diagnostics } = await server.plan(window, nothing, config(window, { node_uid: 2 }));
    assert.deepEqual([diagnostics, state?.node_uid, redis.requests.length], [[], 2, 0]);
  });

  it("is the state itself where nothing differs, however it is written", async () => {
    await using stage = await open();
    const triggers = dynamic(["object", { a: "number" }], { a: "0.1" });
    const written = { node_uid: 3, action: "enslave_node", timeout: "90", triggers };
    const made = await stage.make(action, written);
    const { state } = await stage.server.plan(action, made, config(action, { ...written, timeout: "90.0" }));
    assert.deepEqual(state, made.state);
    const other = await stage.server.plan(action, made, config(action, { ...written, timeout: "91" }));
    assert.deepEqual(
      [other.state?.timeout, other.state?.ready, other.state?.id],
      ["91", unknown, made.state?.id],
    );
  });

  it("of what leads to another installation is a replacement, although no attribute has changed", async () => {
    await using stage = await open();
    await using elsewhere = await startRedis({ actionMs: 20 });
    const made = await stage.make(window, { node_uid: 2 });
    await using server = await TerraformServer.start({ redis: { endpoints: elsewhere.endpoints } });
    const { replaces, state, diagnostics } = await server.plan(window, made, config(window, { node_uid: 2 }));
    assert.deepEqual([replaces, state?.id], [[{ steps: [{ attributeName: "id" }] }], unknown]);
    assert.match(texts(diagnostics), /now leads to another installation/);
    assert.match(texts(diagnostics), /^node 2: maintenance_on, /m, "what will be done there is said");
  });
});

describe("an apply of the provider of Terraform", () => {
  it("keeps what it remembers where nobody sees it", async () => {
    await using stage = await open();
    const made = await stage.make(window, { node_uid: 2 });
    assert.match(Buffer.from(made.private ?? []).toString(), /"installation":\{"endpoints"/);
    assert.doesNotMatch(JSON.stringify(made.state), /installation|memory/);
  });

  it("of a delete is refused, too, once something is not finished; what only forgets is not", async () => {
    await using stage = await open();
    const { redis, server, make } = stage;
    const [there, done] = [
      await make(window, { node_uid: 2 }),
      await make(action, { node_uid: 1, action: "enslave_node" }),
    ];
    redis.plan({ action: "enslave_node", held: true });
    const begun = await make(action, { node_uid: 3, action: "enslave_node", timeout: "300ms" });
    assert.match(texts(begun.diagnostics), /^not finished: redis node 3/m);
    redis.resetCounts();
    const refused = await server.apply(window, there, { state: null, private: there.private });
    assert.deepEqual(
      [refused.state, texts(refused.diagnostics)],
      [there.state, "not begun: clusterops_redis_node_action 3/enslave_node is not finished"],
    );
    assert.deepEqual(refused.private, there.private);
    const forgotten = await server.apply(action, done, { state: null, private: done.private });
    assert.deepEqual([forgotten.state, forgotten.diagnostics, redis.counts().mutating], [null, [], 0]);
  });

  it("that fails to reach a state is a warning: an error would have it undone first, and a run's is one", async () => {
    await using stage = await open();
    const { redis, server, make } = stage;
    redis.plan({ action: "maintenance_on", outcome: "failed", errorMessage: "no room for the shards" });
    redis.plan({ action: "enslave_node", outcome: "failed", errorMessage: "no room for the shards" });
    const ran = await make(action, { node_uid: 3, action: "enslave_node" });
    assert.match(texts(ran.diagnostics.filter(({ severity }) => severity === 1)), /no room for the shards/);
    const failed = await make(window, { node_uid: 2 });
    assert.match(texts(failed.diagnostics), /^not done: .*no room for the shards/m);
    assert.deepEqual([failed.state?.ready, failed.diagnostics.map(({ severity }) => severity)], [false, [2]]);
    redis.resetCounts();
    await using next = await stage.another();
    const planned = await next.plan(window, failed, config(window, { node_uid: 2 }));
    assert.deepEqual([planned.replaces, planned.state?.ready], [[], unknown]);
    const again = await next.apply(window, failed, planned);
    assert.deepEqual([again.state?.ready, redis.counts().mutating], [true, 1]);
    assert.deepEqual((await server.plan(window, nothing, config(window, { node_uid: 2 }))).state, null);
  });

  it("records of another attempt what still runs, with the inputs that it has", async () => {
    await using stage = await open();
    const { redis, make } = stage;
    const first = { node_uid: 3, action: "enslave_node", timeout: "30s" };
    const made = await make(action, first);
    redis.plan({ action: "enslave_node", held: true });
    const triggers = dynamic(["tuple", ["number"]], [2]);
    const begun = await make(action, { ...first, triggers, timeout: "300ms" }, made);
    assert.deepEqual([begun.state?.ready, begun.state?.triggers], [false, triggers]);
    assert.equal(
      begun.diagnostics.filter(({ severity }) => severity === 1).length,
      1,
      "an update is an error",
    );
  });

  it("runs again what takes the place of a run with the same record, and nothing else", async () => {
    await using stage = await open();
    const { redis, make } = stage;
    const inputs = { node_uid: 3, action: "enslave_node" };
    const { before } = (await make(intent, inputs)).state ?? {};
    const made = await make(action, { ...inputs, before });
    // Killed after the request: what came since counts as this run.
    await using later = await stage.another();
    redis.resetCounts();
    const found = await make(action, { ...inputs, before }, nothing, later);
    assert.deepEqual([found.state?.task_id, redis.counts().mutating], [made.state?.task_id, 0]);
    // Replaced: its record is used up.
    await later.apply(action, found, { state: null, private: found.private });
    const again = await make(action, { ...inputs, before }, nothing, later);
    assert.notEqual(again.state?.task_id, made.state?.task_id);
    assert.equal(redis.counts().mutating, 1);
  });

  it("is ended by StopProvider: what is begun is recorded", async () => {
    await using stage = await open();
    const { redis, server, make } = stage;
    redis.plan({ action: "maintenance_on", held: true });
    const making = make(window, { node_uid: 2 });
    while (redis.counts().mutating === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    await server.stop();
    const { state, diagnostics } = await making;
    assert.equal(state?.ready, false);
    assert.match(texts(diagnostics), /not finished: redis node 2: interrupted/);
  });
});
