import assert from "node:assert/strict";
import { setTimeout as pause } from "node:timers/promises";
import type { Connection } from "../../../provider/index.ts";
import { type RedisSimulator, startRedis, startTcf, type TcfSimulator } from "../../../simulators/index.ts";
import { built } from "../../support/built.ts";
import { engineUnknown, Host, HostError } from "./host.ts";
import { registered } from "./resource.ts";

describe("the package in Pulumi's dynamic provider host", () => {
  let redis: RedisSimulator;
  let tcf: TcfSimulator;
  let host: Host;
  const password = "planted-password-91";
  let on: { nodeUid: number; __provider: string; __urn: string };
  const config = () => {
    const connections: Record<string, Connection> = {
      redis: { endpoints: redis.endpoints, username: "ops", password },
      east: { endpoints: tcf.cluster("cluster1").endpoints },
      west: { endpoints: tcf.cluster("cluster2").endpoints },
    };
    return { "clusterops:connections": JSON.stringify(connections) };
  };

  before(async function () {
    await built.call(this);
    host = await Host.start();
  });
  beforeEach(async () => {
    redis = await startRedis({ actionMs: 60, auth: { users: [{ username: "ops", password }] } });
    tcf = await startTcf();
    await host.configure(config());
    on = { nodeUid: 2, ...registered("redis:NodeMaintenance") };
  });
  afterEach(() => Promise.all([redis.close(), tcf.close()]));
  after(async () => {
    await host[Symbol.asyncDispose]();
    for (const text of [host.stdout, host.stderr, JSON.stringify(host.logs)])
      assert.ok(!text.includes(password), "no credential is printed");
  });

  /** Checks the inputs as the engine does, and creates the resource from what comes back. */
  async function create(inputs: Record<string, unknown>) {
    const checked = await host.check({}, { ...inputs, __preview: false });
    assert.deepEqual(checked.failures, []);
    return { inputs: checked.inputs, ...(await host.create(checked.inputs)) };
  }

  it("keeps __provider and __urn through every operation, and drops __preview", async () => {
    const created = await create(on);
    const updated = await host.update("2", created.properties, { ...created.inputs, evictHaReplica: false });
    const read = await host.read("2", updated.properties);
    for (const properties of [
      created.inputs,
      created.properties,
      updated.properties,
      read.properties,
      read.inputs,
    ]) {
      assert.equal(properties.__provider, on.__provider);
      assert.equal(properties.__urn, on.__urn);
      assert.ok(!("__preview" in properties));
    }
    await host.delete("2", read.properties);
    assert.equal(redis.node(2).inMaintenance, false);
  });

  it("echoes inputs as outputs of the same name, and completes them", async () => {
    const { properties, id } = await create(on);
    assert.equal(id, "2");
    assert.deepEqual(
      [properties.nodeUid, properties.evictHaReplica, properties.inMaintenance],
      [2, true, true],
    );
  });

  it("lets unknown values of a preview through, and calls them a change", async () => {
    const unknown = { ...on, nodeUid: engineUnknown, connection: { endpoints: [engineUnknown] } };
    const { inputs, failures } = await host.check({}, { ...unknown, __preview: true });
    assert.deepEqual(failures, []);
    assert.deepEqual([inputs.nodeUid, inputs.connection], [engineUnknown, { endpoints: [engineUnknown] }]);
    const recorded = (await host.check({}, { ...on, __preview: true })).inputs;
    const seen = redis.requests.length;
    assert.equal((await host.diff("2", recorded, recorded)).changes, false);
    assert.equal((await host.diff("2", recorded, { ...recorded, timeout: engineUnknown })).changes, true);
    assert.equal(redis.requests.length, seen);
  });

  it("replaces for another node, deleting first", async () => {
    const { inputs, properties } = await create(on);
    const diff = await host.diff("2", properties, { ...inputs, nodeUid: 3 });
    assert.deepEqual(diff, { changes: true, replaces: ["nodeUid"], deleteBeforeReplace: true });
  });

  it("reports refused inputs as failures of check, by property path", async () => {
    const { failures } = await host.check({}, { ...on, nodeUid: 0, evictDb: 1, timeout: "soon" });
    assert.deepEqual(failures.map(({ property }) => property).sort(), ["evictDb", "nodeUid", "timeout"]);
    assert.match(
      failures.find(({ property }) => property === "evictDb")?.reason ?? "",
      /did you mean evictDbs\?/,
    );
    assert.equal(redis.requests.length, 0);
  });

  it("hands over what is unfinished with its id, its properties and exactly one reason", async () => {
    redis.plan({ held: true });
    const error = await create({ ...on, timeout: "1s" }).catch((failure) => failure);
    assert.ok(error instanceof HostError, error);
    const { id, properties, reasons } = error.initFailed ?? assert.fail(error.message);
    assert.equal(id, "2");
    assert.deepEqual(reasons, [error.message]);
    assert.match(error.message, /^redis node 2 .*timeout of 1s/);
    assert.deepEqual(
      [properties.__provider, properties.__urn, properties.nodeUid, properties.timeout],
      [on.__provider, on.__urn, 2, "1s"],
    );
    redis.node(2).action("maintenance_on").finish();
    const resumed = await host.update("2", properties, { ...properties, timeout: "30s" });
    assert.equal(resumed.properties.inMaintenance, true);
    assert.equal(redis.counts().mutating, 1);
  });

  it("never hands an undefined over, which the engine would take for null", async () => {
    tcf.cluster("cluster1").status = "switching";
    const inputs = {
      ...registered("tcf:ActiveCluster"),
      active: "cluster2",
      clusters: { cluster1: "east", cluster2: "west" },
      timeout: "1s",
    };
    const error = await create(inputs).catch((failure) => failure);
    const afterwards = [error.initFailed?.properties ?? {}, (await create(on)).properties];
    for (const properties of afterwards)
      assert.deepEqual(
        Object.entries(properties).filter(([, value]) => value === null),
        [],
      );
  });

  it("is configured for the first operations too, however many come at once", async () => {
    const action = { ...registered("redis:NodeAction"), action: "enslave_node" };
    const created = await Promise.all([1, 2, 3].map((nodeUid) => host.create({ ...action, nodeUid })));
    assert.deepEqual(
      created.map(({ properties }) => properties.status),
      ["completed", "completed", "completed"],
    );
  });

  it("says that a resource is gone by an empty id", async () => {
    const { properties } = await create(on);
    redis.node(2).takeOutOfMaintenance();
    assert.equal((await host.read("2", properties)).id, "");
  });

  it("deletes first what its user replaces, also after the stack got another name", async () => {
    const { properties } = await create(on);
    const { inputs } = await host.check({}, { ...on, __preview: false });
    await host.delete("2", { ...properties, __urn: on.__urn.replace(":dev::", ":old::") });
    assert.equal(redis.node(2).inMaintenance, false);
    await host.create(inputs);
    assert.equal(redis.node(2).inMaintenance, true);
  });

  it("shows drift in the inputs that read answers", async () => {
    const { properties } = await create({
      ...registered("tcf:ActiveCluster"),
      active: "cluster2",
      clusters: { cluster1: "east", cluster2: "west" },
    });
    tcf.failOver();
    assert.equal((await host.read("x", properties)).inputs.active, "cluster1");
  });

  describe("prints nothing for errors that the engine reports anyway", () => {
    const silently = (what: string, work: () => Promise<unknown>, message: RegExp) =>
      it(what, async () => {
        await assert.rejects(work(), message);
        await pause(50);
        assert.equal(host.stderr, "");
      });

    silently("create", () => host.create({ ...on, nodeUid: 9 }), /redis node 9: .*no node 9/);
    silently(
      "update",
      () => host.update("9", { ...on, nodeUid: 9 }, { ...on, nodeUid: 9, timeout: "1m" }),
      /no node 9/,
    );
    silently(
      "read",
      () => {
        redis.fault({ kind: "status", status: 403, times: Number.POSITIVE_INFINITY });
        return host.read("2", on);
      },
      /redis node 2: .*403/,
    );
    silently(
      "delete",
      () => {
        redis.fault({ kind: "status", status: 403, times: Number.POSITIVE_INFINITY });
        return host.delete("2", on);
      },
      /redis node 2: .*403/,
    );
    silently(
      "an unknown resource type, in state from a newer version",
      () => host.check({}, { ...registered("redis:Tomorrow") }),
      /this version of pulumi-clusterops has no resource redis:Tomorrow/,
    );
  });
});
