import assert from "node:assert/strict";
import { behaviour, type Case, get, incomplete, looks, outputs, until } from "./cluster.ts";

const good = { nodeUid: 2 };

const strange: Case[] = [
  {
    it: "does not mind progress that stands at 0",
    mutating: 1,
    async run({ redis, node, stack }) {
      redis.plan({ frozenProgress: true, held: true, actionMs: 10 });
      const up = stack.up(good);
      await looks(redis, 4);
      node.action("maintenance_on").finish();
      await up;
    },
  },
  {
    it: "takes an unknown status word for still running, and shows it",
    mutating: 1,
    async run({ redis, node, stack, said }) {
      redis.plan({ statusWord: "pausing", held: true, actionMs: 10 });
      const up = stack.up(good);
      await looks(redis, 4);
      node.action("maintenance_on").finish();
      await up;
      assert.match(said.progress.join(), /node 2 maintenance_on pausing \d+ %/);
    },
  },
  {
    it: "asks the node when the action's status has vanished",
    mutating: 1,
    async run({ redis, node, stack }) {
      redis.plan({ held: true, reaches: 1, actionMs: 10 });
      const up = stack.up(good);
      await looks(redis, 2);
      node.action("maintenance_on").vanish();
      await up;
    },
  },
  {
    it: "is not done when the action's status has vanished and shards are left",
    mutating: 1,
    async run({ redis, node, stack }) {
      redis.plan({ held: true, reaches: 0.5, actionMs: 10 });
      const up = stack.up(good);
      await looks(redis, 2);
      node.action("maintenance_on").vanish();
      await incomplete(up, /instead in maintenance, 2 shards on it/);
    },
  },
  {
    it: "goes on with the task that replaced its own, and says so",
    mutating: 1,
    cluster: { taskIdInLists: true },
    async run(harness) {
      const { redis, node, stack, said } = harness;
      redis.plan({ held: true, actionMs: 10 });
      const up = stack.up(good);
      await looks(redis, 2);
      node.action("maintenance_on").replaceTask("somebody-elses");
      await until(() => said.warnings.length > 0);
      node.action("maintenance_on").finish();
      await up;
      assert.match(said.warnings.join(), /was replaced by somebody-elses: somebody started it again/);
      assert.equal(outputs(harness).taskId, "somebody-elses");
    },
  },
  {
    it: "waits for a report that lags behind the end of the action",
    mutating: 1,
    async run({ redis, stack }) {
      const value = { nodes: [1, 2, 3].map((id) => ({ id: String(id), in_maintenance: false })) };
      const stale = { kind: "wrongType", value, match: { path: "/v4/cluster/health" } } as const;
      redis.watch(({ method }) => method === "POST" && redis.fault(stale));
      await stack.up(good);
    },
  },
  {
    it: "learns its task where the request is answered with nothing",
    mutating: 1,
    cluster: { postAnswer: "empty" },
    async run({ redis, node, stack }) {
      redis.plan({ held: true, actionMs: 10 });
      const recorded = await incomplete(stack.up({ ...good, timeout: "3s" }), /not done within/);
      const { taskId } = node.action("maintenance_on");
      assert.deepEqual(recorded.__unfinished, {
        nodeUid: 2,
        action: "maintenance_on",
        taskBefore: null,
        taskId,
      });
      node.action("maintenance_on").finish();
      await stack.up(good);
    },
  },
  ...(["array", "object"] as const).map(
    (allActionsShape): Case => ({
      it: `reads the list of all actions as ${allActionsShape}, with numbers as text`,
      mutating: 1,
      cluster: { allActionsShape, progressAs: "string" },
      async run({ redis, node, stack, said }) {
        redis.plan({ held: true, actionMs: 10 });
        const up = stack.up(good);
        await looks(redis, 2);
        node.action("maintenance_on").finish();
        await up;
        assert.match(said.progress.join(), /maintenance_on \w+ \d+ %/);
      },
    }),
  ),
  {
    it: "reads each action by itself where there is no list of all",
    mutating: 1,
    async run({ redis, stack }) {
      redis.fault({ kind: "status", status: 404, match: { path: "/v1/nodes/actions" }, times: Infinity });
      await stack.up(good);
      assert.ok(redis.requests.some(({ path }) => path === get("maintenance_on").path));
    },
  },
];

describe("redis.NodeMaintenance, whatever the cluster says", () => {
  behaviour("redis:NodeMaintenance", strange);
});
