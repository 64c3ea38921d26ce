import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { aspire, factfinder, redis, tcf } from "../../sdk/index.ts";
import { type AllSimulators, startAll } from "../../simulators/index.ts";
import { mocked, resolved, unmocked } from "./mocked.ts";

/** Each function and its twin, with arguments and what is to be found in the result. */
const pairs: [name: string, read: Read, twin: Twin, args: object, found: object][] = [
  ["redis.getNodes", redis.getNodes, redis.getNodesOutput, {}, { nodes: [{ nodeUid: 1 }, {}, {}] }],
  ["redis.getNode", redis.getNode, redis.getNodeOutput, { nodeUid: 2 }, { nodeUid: 2, shardCount: 4 }],
  [
    "redis.getNodeActions",
    redis.getNodeActions,
    redis.getNodeActionsOutput,
    { nodeUid: 3 },
    { actions: [{}] },
  ],
  [
    "redis.getNodeAction",
    redis.getNodeAction,
    redis.getNodeActionOutput,
    { nodeUid: 3, action: "enslave_node" },
    { name: "enslave_node", nodeUid: 3 },
  ],
  [
    "redis.canMaintain",
    redis.canMaintain,
    redis.canMaintainOutput,
    { nodeUid: 2 },
    { possible: false, blockers: [{ property: "nodeUid" }] },
  ],
  [
    "tcf.canFailOver",
    tcf.canFailOver,
    tcf.canFailOverOutput,
    { clusters: { cluster1: "tcf", cluster2: "tcf-west" } },
    { possible: true, active: "cluster2" },
  ],
  ["tcf.getStatus", tcf.getStatus, tcf.getStatusOutput, {}, { status: "active" }],
  ["tcf.isActive", tcf.isActive, tcf.isActiveOutput, { connection: "tcf" }, { active: true }],
  ["tcf.getClusters", tcf.getClusters, tcf.getClustersOutput, {}, { clusters: [{ id: "cluster_1" }, {}] }],
  [
    "factfinder.getDatabaseState",
    factfinder.getDatabaseState,
    factfinder.getDatabaseStateOutput,
    { channel: "de" },
    { databaseVersion: 41 },
  ],
  [
    "factfinder.getImportState",
    factfinder.getImportState,
    factfinder.getImportStateOutput,
    { channel: "de" },
    { importCounts: [{ type: "DATA" }, {}] },
  ],
  [
    "factfinder.getClusterState",
    factfinder.getClusterState,
    factfinder.getClusterStateOutput,
    { channel: "de" },
    { cacheFlush: 0 },
  ],
];

type Read = (args: never) => Promise<object>;
type Twin = (args: never) => pulumi.Output<object>;

describe("the functions that a program imports", () => {
  let all: AllSimulators;
  const useSimulators = () =>
    pulumi.runtime.setConfig(
      "clusterops:connections",
      JSON.stringify({
        redis: { endpoints: all.redis.endpoints },
        tcf: { endpoints: all.tcf.cluster("cluster1").endpoints },
        "tcf-west": { endpoints: all.tcf.cluster("cluster2").endpoints },
        factfinder: { endpoint: all.factfinder.director.url },
        aspire: { endpoints: all.aspire.endpoints },
      }),
    );

  before(async () => {
    all = await startAll();
    all.redis.plan({ action: "enslave_node", held: true });
    all.redis.node(3).start("enslave_node");
  });
  after(() => all.close());
  beforeEach(() => {
    unmocked();
    useSimulators();
  });

  for (const [name, read, twin, args, found] of pairs) {
    it(`${name} promises its result, and its twin is an Output of it`, async () => {
      all.resetCounts();
      const result = await read(args as never);
      assert.partialDeepStrictEqual(result, found);
      const inputs = Object.fromEntries(
        Object.entries(args).map(([key, value]) => [key, pulumi.output(value)]),
      );
      const output = twin(inputs as never);
      assert.ok(pulumi.Output.isInstance(output));
      assert.partialDeepStrictEqual(await resolved(output), found);
      assert.equal(all.counts().mutating, 0);
    });
  }

  it("refuse an argument that is wrong, with its name and what would be right", async () => {
    await assert.rejects(redis.getNode({ nodeUid: 0 }), /redis\.getNode: nodeUid 0 must be >= 1/);
    await assert.rejects(
      redis.getNode({ nodeUid: 1, connection: "nowhere" }),
      /no connection "nowhere" is configured/,
    );
  });

  it("fail with a sentence, which Pulumi shows without a stack trace", async () => {
    const failure = await redis.getNode({ nodeUid: 99 }).catch((error: unknown) => error);
    assert.ok(pulumi.RunError.isInstance(failure), String(failure));
    assert.match(failure.message, /^redis\.getNode: the cluster has no node 99/);
  });

  it("ask nobody while an argument is unknown", async () => {
    unmocked({ preview: true });
    all.resetCounts();
    const action = pulumi.output(pulumi.unknown as string);
    const output = redis.getNodeActionOutput({ nodeUid: 1, action });
    assert.equal(await (output as unknown as { isKnown: Promise<boolean> }).isKnown, false);
    assert.equal(all.counts().reads, 0);
  });

  describe("aspire.claimBatch, which takes work,", () => {
    const args = { worker: "AAABcQk+W/c=", type: "scan" } as const;

    it("answers nothing in a preview, and takes nothing", async () => {
      unmocked({ preview: true });
      all.resetCounts();
      assert.deepEqual(await aspire.claimBatch(args), {});
      assert.deepEqual(await resolved(aspire.claimBatchOutput(args)), {});
      assert.equal(all.counts().mutating, 0);
    });

    it("takes one batch per call otherwise, until there is none", async () => {
      const { batch } = await aspire.claimBatch(args);
      assert.equal(batch?.id, "AAABcS0aBB0=");
      assert.equal((await resolved(aspire.claimBatchOutput(args))).batch, undefined);
    });
  });

  describe("in a unit test of a program, after pulumi.runtime.setMocks,", () => {
    const calls: { token: string; inputs: object }[] = [];
    const answer = { status: "as the test says" };

    beforeEach(async () => {
      calls.length = 0;
      all.resetCounts();
      await mocked(
        () => ({}),
        {},
        ({ token, inputs }) => {
          calls.push({ token, inputs });
          return answer;
        },
      );
    });
    afterEach(() => assert.deepEqual([...new Set(Object.values(all.counts()))], [0], "nobody was asked"));

    const claim = [
      "aspire.claimBatch",
      aspire.claimBatch,
      aspire.claimBatchOutput,
      { worker: "AAABcQk+W/c=", type: "scan" },
    ] as const;
    for (const [name, read, twin, args] of [...pairs, claim]) {
      it(`${name} and its twin ask the mocks, under the function's token`, async () => {
        const token = `clusterops:${name.replace(".", ":")}`;
        assert.deepEqual(await read(args as never), answer);
        assert.deepEqual(await resolved(twin(args as never)), answer);
        assert.deepEqual(calls, [
          { token, inputs: args },
          { token, inputs: args },
        ]);
      });
    }

    it("need no configuration, and follow an Output of a resource", async () => {
      pulumi.runtime.setConfig("clusterops:connections", "");
      const node = new redis.NodeMaintenance("r", { nodeUid: 2 });
      assert.deepEqual(await resolved(redis.getNodeOutput({ nodeUid: node.nodeUid })), answer);
      assert.deepEqual(calls, [{ token: "clusterops:redis:getNode", inputs: { nodeUid: 2 } }]);
    });
  });
});
