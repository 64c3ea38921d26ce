import assert from "node:assert/strict";
import { behaviour, type Case, type Harness, refused } from "./cluster.ts";

/*
 * One node at a time: whatever takes a node away looks first whether another one is away, or going, by whatever means.
 */

/** The action runs on node 3, and does not end. */
const running = (action: string) => (harness: Harness) => {
  harness.redis.plan({ held: true, actionMs: 0 });
  harness.redis.node(3).start(action);
};

/** How the other node is, and how that is said. */
const ways: [string, (harness: Harness) => unknown, RegExp][] = [
  ["in maintenance", ({ redis }) => redis.node(3).putInMaintenance(), /node 3 is in maintenance/],
  ["going into maintenance", running("maintenance_on"), /node 3 is going into maintenance/],
  [
    "coming out of maintenance",
    (harness) => {
      harness.redis.node(3).putInMaintenance();
      running("maintenance_off")(harness);
    },
    /node 3 is coming out of maintenance/,
  ],
  [
    "going into maintenance once more, with the run before that still listed",
    (harness) => {
      running("maintenance_on")(harness);
      const on = { name: "maintenance_on", node_uid: "3" };
      harness.redis.fault({
        kind: "wrongType",
        value: {
          actions: [
            { ...on, status: "completed", task_id: "old" },
            { ...on, status: "running", task_id: "new" },
          ],
        },
        match: { method: "GET", path: "/v1/nodes/actions" },
        times: Number.POSITIVE_INFINITY,
      });
    },
    /node 3 is going into maintenance/,
  ],
  ["being removed", running("remove"), /node 3 is being removed/],
  ["handing its shards over", running("enslave_node"), /node 3 is handing its shards over/],
  ["down", ({ redis }) => redis.node(3).goDown(), /node 3 is down/],
];

/** What takes node 2 away. */
const takers: [type: string, inputs: object, isRefusedInPreview: boolean][] = [
  ["redis:NodeMaintenance", { nodeUid: 2 }, true],
  ["redis:NodeRemoval", { nodeUid: 2 }, true],
  ["redis:NodeAction", { nodeUid: 2, action: "maintenance_on" }, true],
  ["redis:NodeAction", { nodeUid: 2, action: "remove" }, true],
  // By the time of its turn the others will have come back.
  ["redis:MaintenanceStep", { nodeUid: 2, phase: "enter" }, false],
  ["redis:ReplicaNode", { nodeUid: 2 }, true],
];

function matrix(inputs: object, isRefusedInPreview: boolean): Case[] {
  const what = "action" in inputs ? `${inputs.action}` : "it";
  return ways.flatMap(([way, arrange, why]): Case[] => [
    {
      it: `refuses ${what} while another node is ${way}`,
      mutating: 0,
      cluster: { nodes: 5 },
      async run(harness) {
        harness.node.promoteShards();
        await arrange(harness);
        if (isRefusedInPreview) await refused(harness.stack.preview({ ...inputs }), why);
        await refused(harness.session.create({ ...inputs, timeout: "5s" }), why);
        await refused(harness.session.create({ ...inputs, timeout: "5s" }), /nothing was sent/);
      },
    },
    {
      it: `goes ahead with ${what} while another node is ${way} when told to, and says so`,
      cluster: { nodes: 5 },
      async run(harness) {
        harness.node.promoteShards();
        await arrange(harness);
        const allowed = { ...inputs, allowOtherNodesUnavailable: true };
        await harness.stack.preview(allowed);
        if (isRefusedInPreview) assert.match(harness.said.warnings.join(), why);
        await harness.session.create({ ...allowed, timeout: "10s" });
      },
    },
  ]);
}

const together: Case[] = [
  {
    it: "removes two nodes one after the other",
    mutating: 2,
    cluster: { nodes: 4 },
    async run({ redis, session, another }) {
      const other = await another();
      const running: number[] = [];
      redis.watch(({ method, status }) => {
        if (method !== "POST" || status !== 200) return;
        running.push([2, 3].filter((uid) => redis.node(uid).action("remove").status !== undefined).length);
      });
      await Promise.all([session.create({ nodeUid: 2 }), other.session.create({ nodeUid: 3 })]);
      assert.deepEqual(
        [redis.nodeUids, running],
        [
          [1, 4],
          [1, 1],
        ],
      );
    },
  },
];

const actions: Case[] = [
  {
    it: "leaves alone what takes no node away",
    mutating: 1,
    async run({ redis, stack }) {
      redis.node(3).putInMaintenance();
      await stack.up({ nodeUid: 2, action: "enslave_node" });
    },
  },
  {
    it: "takes no second node into maintenance beside a NodeMaintenance that starts at the same moment",
    mutating: 1,
    async run({ redis, session, another }) {
      const other = await another("redis:NodeMaintenance");
      await Promise.allSettled([
        session.create({ nodeUid: 2, action: "maintenance_on" }),
        other.session.create({ nodeUid: 3 }),
      ]);
      assert.equal([2, 3].filter((uid) => redis.node(uid).inMaintenance).length, 1);
    },
  },
  {
    it: "waits for the end of what the whole cluster is busy with, and runs then",
    effects: 4,
    cluster: { nodes: 4, conflictScope: "cluster", actionMs: 400 },
    async run({ redis, another }) {
      const users = await Promise.all([1, 2, 3, 4].map(() => another()));
      const ends = await Promise.all(
        users.map(({ session }, index) =>
          session.create({ nodeUid: index + 1, action: "enslave_node", timeout: "30s" }),
        ),
      );
      assert.equal(new Set(ends.map(({ outputs }) => outputs.taskId)).size, 4);
      assert.equal(redis.failovers > 0, true);
    },
  },
  {
    it: "says what the whole cluster is busy with when its time runs out",
    effects: 0,
    cluster: { conflictScope: "cluster" },
    async run({ redis, session }) {
      redis.plan({ held: true });
      redis.node(3).start("enslave_node");
      await refused(
        session.create({ nodeUid: 2, action: "enslave_node", timeout: "3s" }),
        /not done within the timeout of 3s \(last seen node 3 enslave_node running/,
      );
    },
  },
];

const busy: Case[] = [
  {
    it: "waits for somebody else's activation that the whole cluster is busy with, and enters then",
    effects: 1,
    cluster: { conflictScope: "cluster" },
    async run({ redis, node, session }) {
      redis.plan({ held: true, actionMs: 10 });
      redis.node(3).start("maintenance_on");
      const created = session.create({ nodeUid: 2, allowOtherNodesUnavailable: true, timeout: "30s" });
      await new Promise((resolve) => setTimeout(resolve, 1_500));
      redis.node(3).action("maintenance_on").finish();
      await created;
      assert.equal(node.inMaintenance, true);
    },
  },
];

describe("redis, nodes that are away or going", function () {
  this.timeout(60_000);
  for (const [type, inputs, isRefusedInPreview] of takers) {
    describe(type, () => behaviour(type, matrix(inputs, isRefusedInPreview)));
  }
  behaviour("redis:NodeRemoval", together);
  behaviour("redis:NodeAction", actions);
  behaviour("redis:NodeMaintenance", busy);
});
