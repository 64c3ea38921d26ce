import assert from "node:assert/strict";
import { setTimeout as pause } from "node:timers/promises";
import * as pulumi from "@pulumi/pulumi";
import { types } from "../../provider/index.ts";
import outputNames from "../../sdk/generated/outputs.json" with { type: "json" };
import { aspire, factfinder, redis, tcf } from "../../sdk/index.ts";
import { mocked, type Registration, resolved } from "./mocked.ts";

type AnyClass = new (name: string, args: never, opts?: pulumi.CustomResourceOptions) => pulumi.CustomResource;

/** Each class with inputs that set much of what it takes. */
const classes: Record<string, [AnyClass, Record<string, unknown>]> = {
  "redis:NodeMaintenance": [
    redis.NodeMaintenance,
    { nodeUid: 2, evictDbs: [1, "2"], overwriteSnapshot: true, timeout: "5m", connection: "redis" },
  ],
  "redis:NodeRemoval": [redis.NodeRemoval, { nodeUid: 3, waitForPersistence: true, triggers: [1] }],
  "redis:ReplicaNode": [redis.ReplicaNode, { nodeUid: 1 }],
  "redis:NodeAction": [
    redis.NodeAction,
    { nodeUid: 2, action: "enslave_node", parameters: { a: [1] }, onTimeout: "cancel" },
  ],
  "tcf:ActiveCluster": [
    tcf.ActiveCluster,
    { active: "c2", clusters: { c1: "east", c2: "west" }, strategy: "toggle", force: false },
  ],
  "tcf:ClusterRole": [tcf.ClusterRole, { role: "passive", cluster: "c1" }],
  "factfinder:DatabasePrune": [factfinder.DatabasePrune, { channel: "de", ifDatabaseVersion: 41 }],
  "factfinder:DatabaseSync": [
    factfinder.DatabaseSync,
    { channel: "de", director: "director", nodes: ["worker1", "worker2"], reload: "never" },
  ],
  "factfinder:NodeSync": [factfinder.NodeSync, { channels: ["de"], director: "director" }],
  "factfinder:ConfigVersionReset": [factfinder.ConfigVersionReset, { triggers: ["now"] }],
  "aspire:SeedRelease": [aspire.SeedRelease, { seedIds: ["a=", "b/"] }],
  "aspire:WorkerRelease": [aspire.WorkerRelease, { workerIds: ["a="] }],
  "aspire:SeedThrottle": [aspire.SeedThrottle, { seedId: "a=", pauseUntil: 1_900_000_000_000 }],
  "aspire:CrawlFailure": [aspire.CrawlFailure, { seedId: "a=" }],
  "aspire:BatchAcknowledgement": [aspire.BatchAcknowledgement, { batchIds: ["a="], type: "scan" }],
};

/** Registered by other classes of ours, never by a program. */
const hidden = /Intent$|:MaintenanceStep$/;

describe("the classes that a program imports", () => {
  let registrations: Registration[];

  beforeEach(async () => {
    registrations = await mocked(({ type }) =>
      Object.fromEntries(outputsOf(type).map((output) => [output, `${output} of it`])),
    );
  });

  it("are one for each resource type", () => {
    assert.deepEqual(Object.keys(classes).sort(), types.filter((type) => !hidden.test(type)).sort());
  });

  for (const [type, [Class, args]] of Object.entries(classes)) {
    it(`${type} registers under its token, with its inputs and outputs as Outputs`, async () => {
      const resource = new Class("r", args as never) as pulumi.CustomResource & Record<string, unknown>;
      const expected = {
        ...args,
        ...Object.fromEntries(outputsOf(type).map((output) => [output, `${output} of it`])),
      };
      for (const [name, value] of Object.entries(expected)) {
        const output = resource[name];
        assert.ok(pulumi.Output.isInstance(output), `${name} is an Output`);
        assert.deepEqual(await resolved(output), value);
      }
      const own = registrations.find(({ name }) => name === "r");
      assert.equal(own?.type, `pulumi-nodejs:dynamic/clusterops/${type}`);
      const { __provider, __urn, __preview, __before, ...inputs } = own?.inputs ?? {};
      assert.deepEqual(inputs, args);
      assert.equal(__urn, await resolved(resource.urn));
      assert.equal(__preview, false);
    });
  }

  it("say where a program made one that cannot be registered", () => {
    const before = Error.stackTraceLimit;
    assert.throws(
      () => new redis.NodeMaintenance("", { nodeUid: 2 }),
      (error: Error) =>
        /^Error: Missing resource name/.test(error.stack ?? "") && /classes\.test/.test(error.stack ?? ""),
    );
    assert.equal(Error.stackTraceLimit, before);
  });

  it("say where a transformation of the program failed", () => {
    const failing = (): undefined => {
      throw new Error("no");
    };
    const make = (opts: pulumi.CustomResourceOptions) => new redis.NodeMaintenance("r", { nodeUid: 2 }, opts);
    const parent = new pulumi.ComponentResource(
      "t",
      "parent",
      {},
      { transformations: [({ name }) => (name === "r" ? failing() : undefined)] },
    );
    for (const opts of [{ transformations: [failing] }, { parent }]) {
      assert.throws(
        () => make(opts),
        (error: Error) => /at failing .*classes\.test/.test(error.stack ?? ""),
      );
    }
  });

  describe("tell their own resources from others by isInstance", () => {
    const node = () => new redis.NodeMaintenance("r", { nodeUid: 2 });
    const roll = () => new redis.RollingMaintenance("roll", { nodeUids: [] });
    class Mine extends redis.NodeMaintenance {}
    class MyRoll extends redis.RollingMaintenance {}
    const { isInstance } = redis.NodeMaintenance;
    const rows: [string, { isInstance(obj: unknown): boolean }, () => unknown, boolean][] = [
      ["one of the class", redis.NodeMaintenance, node, true],
      ["as a bare function", { isInstance: (obj) => isInstance(obj) }, node, true],
      ["one of another class", redis.ReplicaNode, node, false],
      ["one of a subclass", redis.NodeMaintenance, () => new Mine("r", { nodeUid: 2 }), true],
      ["of a subclass, its own", Mine, () => new Mine("r", { nodeUid: 2 }), true],
      ["of a subclass, one of the class", Mine, node, false],
      ["one that another copy of the package made", redis.NodeMaintenance, () => ({ ...node() }), true],
      ["a component", redis.RollingMaintenance, roll, true],
      ["another component", factfinder.ChannelRefresh, roll, false],
      ["a resource that is no component", redis.RollingMaintenance, node, false],
      ["of a subclass of a component, one of the class", MyRoll, roll, false],
      ["nothing", redis.NodeMaintenance, () => undefined, false],
      ["a word", redis.NodeMaintenance, () => "redis", false],
    ];
    for (const [what, Class, make, expected] of rows)
      it(`${what}: ${expected}`, () => assert.equal(Class.isInstance(make()), expected));
  });

  it("carry a provider text that is the same for each resource of a type, short, and names nothing of this machine", async () => {
    const [one, other] = ["one", "other"].map(
      (name) => new redis.ReplicaNode(name, { nodeUid: name.length }),
    );
    await Promise.all([one, other].map((resource) => resource && resolved(resource.urn)));
    const texts = registrations.map(({ inputs }) => String(inputs.__provider));
    assert.equal(new Set(texts).size, 1);
    assert.ok((texts[0]?.length ?? 0) < 1_200);
    assert.doesNotMatch(texts[0] ?? "", /file:|node_modules|[/\\](home|root|work|Users)[/\\]/);
  });

  it("take Outputs for any part of an input", async () => {
    const resource = new redis.NodeMaintenance("r", {
      nodeUid: pulumi.output(2),
      evictDbs: [pulumi.output("1"), 2],
      connection: pulumi.output("redis"),
    });
    assert.deepEqual(await resolved(resource.evictDbs), ["1", 2]);
  });

  it("make components of them, whose children have names that a person can read", async () => {
    new redis.RollingMaintenance("roll", {
      nodeUids: [1, 2],
      work: (nodeUid, opts) => [new redis.ReplicaNode(`work-${nodeUid}`, { nodeUid }, opts)],
    });
    new factfinder.ChannelRefresh("refresh", {
      channel: "de",
      director: "director",
      nodes: ["a", "b", "c"],
      batchSize: 2,
    });
    const expected = [
      "refresh",
      "refresh-nodes-1-to-2",
      "refresh-nodes-3",
      "refresh-prune",
      "refresh-prune-intent",
      "roll",
      "roll-node-1-in",
      "roll-node-1-out",
      "roll-node-2-in",
      "roll-node-2-out",
      "work-1",
      "work-2",
    ];
    while (registrations.length < expected.length) await pause(5);
    assert.deepEqual(registrations.map(({ name }) => name).sort(), expected);
  });
});

function outputsOf(type: string): string[] {
  const [, name = ""] = type.split(":").slice(-2);
  return (outputNames as Record<string, string[]>)[name] ?? [];
}
