import assert from "node:assert/strict";
import { setTimeout as pause } from "node:timers/promises";
import { call } from "../simulators/call.ts";
import { behaviour, type Case, healthSays, outputs, post, refused, until, waiting } from "./cluster.ts";

const good = { nodeUid: 2 };
const patient = { ...good, allowOtherNodesUnavailable: true };

/** How the other nodes are, and how a refusal says it. */
const others: [string, (harness: Parameters<Case["run"]>[0]) => unknown, RegExp][] = [
  [
    "in maintenance",
    ({ redis }) => redis.node(3).putInMaintenance(),
    /node 3 is in maintenance: nothing was sent/,
  ],
  ["down", ({ redis }) => redis.node(3).goDown(), /node 3 is down/],
  [
    "on its way into maintenance",
    ({ redis }) => {
      redis.plan({ held: true });
      redis.node(3).start("maintenance_on");
    },
    /node 3 is going into maintenance/,
  ],
];

const oneAtATime: Case[] = [
  ...others.map(
    ([how, arrange, why]): Case => ({
      it: `refuses while another node is ${how}`,
      mutating: 0,
      async run(harness) {
        await arrange(harness);
        await refused(harness.session.create(good), why);
      },
    }),
  ),
  {
    it: "goes ahead beside another node when told to",
    mutating: 1,
    async run({ redis, node, stack }) {
      redis.node(3).putInMaintenance();
      await stack.up(patient);
      assert.equal(node.inMaintenance, true);
    },
  },
  {
    it: "refuses the second of two that start at once",
    mutating: 1,
    async run({ redis, session, another }) {
      const other = await another();
      const [first, second] = await Promise.allSettled([
        session.create(good),
        other.session.create({ nodeUid: 3 }),
      ]);
      assert.equal(first.status, "fulfilled");
      assert.match(String(second.status === "rejected" && second.reason), /node 2 is in maintenance/);
      assert.equal(redis.node(3).inMaintenance, false);
    },
  },
  {
    it: "takes no turns, and no further look, where there is nothing to do",
    mutating: 1,
    async run(harness) {
      const { redis, node, stack, another } = harness;
      redis.node(3).putInMaintenance();
      redis.plan({ held: true, actionMs: 10 });
      const up = stack.up(patient);
      await waiting(harness);
      const other = await another();
      const isTheirs = ({ headers }: { headers: Record<string, unknown> }) => headers["x-user"] === "2";
      await other.session.create({ ...patient, nodeUid: 3, timeout: "10s" });
      assert.equal(redis.requests.filter(isTheirs).length, 4);
      node.action("maintenance_on").finish();
      await up;
    },
  },
  {
    it: "waits for its turn where the node is about to be taken out",
    mutating: 4,
    async run(harness) {
      const { redis, node, stack, another } = harness;
      const [leaver, comer] = [await another(), await another()];
      await leaver.stack.up({ ...patient, nodeUid: 3 });
      redis.plan({ held: true, actionMs: 10 });
      const up = stack.up(patient);
      await waiting(harness);
      const left = leaver.stack.destroy();
      const come = comer.session.create({ ...patient, nodeUid: 3 });
      // Whoever takes no turn has looked by now, and is done.
      await until(() => redis.requests.some(({ headers }) => headers["x-user"] === "3"));
      await Promise.race([come, pause(300)]);
      node.action("maintenance_on").finish();
      await Promise.all([up, left, come]);
      assert.equal(redis.node(3).inMaintenance, true);
    },
  },
  {
    it: "never runs at the same moment as another, even where both are allowed",
    mutating: 4,
    async run({ redis, stack, another }) {
      const other = await another();
      const running: unknown[] = [];
      redis.watch(({ method, status }) => {
        if (method !== "POST" || status !== 200) return;
        const names = ["maintenance_on", "maintenance_off"];
        const statuses = [2, 3].flatMap((uid) => names.map((name) => redis.node(uid).action(name).status));
        running.push(statuses.filter((each) => each !== undefined && each !== "completed").length);
      });
      await Promise.all([stack.up(patient), other.stack.up({ ...patient, nodeUid: 3 })]);
      await Promise.all([stack.destroy(), other.stack.destroy()]);
      assert.deepEqual(running, [1, 1, 1, 1]);
    },
  },
  {
    it: "refuses beside a node that health does not know to be in maintenance yet",
    mutating: 0,
    async run(harness) {
      const { redis, session } = harness;
      healthSays(redis, () => false);
      redis.node(3).start("maintenance_on").finish();
      await refused(session.create(good), /node 3/);
    },
  },
  {
    it: "waits until another one's request, whose answer was lost, can no longer take that node away",
    mutating: 2,
    effects: 1,
    async run({ redis, node, session, another }) {
      const other = await another();
      redis.fault({ kind: "status", status: 503, match: post("maintenance_on", 3) });
      await assert.rejects(other.session.create({ nodeUid: 3, timeout: "3s" }));
      const come = refused(session.create(good), /node 3 is in maintenance: nothing was sent/);
      await pause(500);
      await call(redis.endpoints[0], "POST /v1/nodes/3/actions/maintenance_on", { body: {} });
      await come;
      assert.equal(node.inMaintenance, false);
    },
  },
  {
    it: "refuses a node that is itself being removed",
    mutating: 0,
    async run(harness) {
      const { redis, node, session } = harness;
      redis.plan({ held: true, actionMs: 0 });
      node.start("remove");
      await refused(session.create({ ...good, timeout: "3s" }), /being removed/);
    },
  },
  {
    it: "refuses beside a half-done node that takes no shards, whatever the health says",
    mutating: 0,
    async run(harness) {
      const { redis, session } = harness;
      healthSays(redis, () => false);
      redis.plan({ held: true, actionMs: 10 });
      redis.node(3).start("maintenance_on");
      await until(() => redis.node(3).action("maintenance_on").status === "running");
      redis.node(3).action("maintenance_on").fail();
      await refused(session.create(good), /node 3/);
    },
  },
];

const conflicts: Case[] = [
  {
    it: "joins the action that made its request a 409",
    mutating: 1,
    effects: 0,
    async run(harness) {
      const { redis, node, stack } = harness;
      const late = redis.fault({ kind: "delay", ms: 150, match: post("maintenance_on") });
      const up = stack.up(good);
      await until(() => late.hits > 0);
      redis.plan({ held: true, actionMs: 0 });
      const { taskId } = node.start("maintenance_on");
      await waiting(harness);
      node.action("maintenance_on").finish();
      await up;
      assert.equal(outputs(harness).taskId, taskId);
    },
  },
  {
    it: "takes for done what made its request a 409 and has ended since",
    mutating: 1,
    effects: 0,
    async run({ redis, node, stack }) {
      redis.fault({ kind: "delay", ms: 100, match: post("maintenance_on") });
      const conflict = redis.fault({ kind: "status", status: 409, match: post("maintenance_on") });
      const up = stack.up(good);
      await until(() => conflict.hits > 0);
      node.start("maintenance_on").finish();
      await up;
      assert.equal(node.maintenanceDepth, 1);
    },
  },
  {
    it: "says whose action it is that the whole cluster is busy with",
    mutating: 1,
    effects: 0,
    cluster: { conflictScope: "cluster" },
    async run({ redis, session }) {
      redis.plan({ held: true });
      redis.node(3).start("maintenance_on");
      await refused(
        session.create({ ...patient, timeout: "3s" }),
        /refused \(409\) while another action runs: not done within the timeout of 3s \(last seen node 3 maintenance_on \w+/,
      );
    },
  },
];

describe("redis.NodeMaintenance, one at a time", () => {
  behaviour("redis:NodeMaintenance", [...oneAtATime, ...conflicts]);
});
