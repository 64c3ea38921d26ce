import assert from "node:assert/strict";
import type { RedisSimulator } from "../../simulators/index.ts";
import { behaviour, type Case, get, incomplete, looks, outputs, type Scene, until } from "./cluster.ts";

const good = { nodeUid: 2, action: "enslave_node" };
const list = "/v1/nodes/actions";

/** How often the action itself was read since it was started: what its list has left open. */
function asked({ redis }: Scene): number {
  const started = redis.requests.findLastIndex(({ method }) => method === "POST");
  const { path } = get("enslave_node");
  return redis.requests.slice(started).filter((request) => request.method === "GET" && request.path === path)
    .length;
}

/** Until the list has shown it on its way. */
async function seenRunning({ said }: Scene): Promise<void> {
  await until(() => /enslave_node running [1-9]/.test(said.progress.join()));
}

/** Until this has been read once more. */
async function read(redis: RedisSimulator, wanted: string): Promise<void> {
  const before = redis.requests.length;
  await until(() => redis.requests.slice(before).some(({ path }) => path === wanted));
}

const cases: Case[] = [
  {
    it: "believes the list of a run that it has seen from nothing to its end",
    mutating: 1,
    cluster: { actionMs: 900 },
    async play(scene) {
      await scene.stack.up(good);
      assert.equal(outputs(scene).taskId, scene.node.action("enslave_node").taskId);
      assert.equal(asked(scene), 0);
    },
  },
  {
    it: "asks for the run itself where another one stood there before",
    mutating: 1,
    cluster: { actionMs: 900 },
    async play(scene) {
      scene.node.start("enslave_node");
      scene.node.action("enslave_node").finish();
      await scene.stack.up(good);
      assert.equal(asked(scene), 1);
    },
  },
  {
    it: "asks for the run itself where no progress is told",
    mutating: 1,
    async play(scene) {
      scene.redis.plan({ frozenProgress: true, actionMs: 900 });
      await scene.stack.up(good);
      assert.equal(asked(scene), 1);
    },
  },
  {
    it: "asks for the run itself where it was not listed at one look",
    mutating: 1,
    async play(scene) {
      const { redis, node, stack } = scene;
      redis.plan({ held: true, actionMs: 10 });
      const up = stack.up(good);
      await seenRunning(scene);
      redis.fault({ kind: "wrongType", value: { actions: [] }, match: { path: list } });
      await read(redis, `${get("enslave_node").path}`);
      node.action("enslave_node").finish();
      await up;
      assert.equal(asked(scene), 2);
    },
  },
  {
    it: "notices by a new beginning that its run was replaced, and says so",
    mutating: 1,
    async play(scene) {
      const { redis, node, stack, said } = scene;
      redis.plan({ held: true, actionMs: 1_000 });
      const up = stack.up(good);
      await until(() => /enslave_node running 50 %/.test(said.progress.join()));
      node.action("enslave_node").replaceTask("somebody-elses");
      await read(redis, list);
      node.action("enslave_node").finish();
      await up;
      assert.match(said.warnings.join(), /was replaced by somebody-elses: somebody started it again/);
      assert.equal(outputs(scene).taskId, "somebody-elses");
    },
  },
  {
    it: "does not take an older run, which the server has gone back to, for its own",
    mutating: 1,
    async play(scene) {
      const { redis, node, stack } = scene;
      node.start("enslave_node");
      node.action("enslave_node").finish();
      const { taskId } = node.action("enslave_node");
      redis.plan({ held: true, actionMs: 10 });
      const up = stack.up(good);
      await looks(redis, 2);
      const older = { name: "enslave_node", node_uid: "2", status: "completed", progress: 100 };
      const back = { kind: "wrongType", times: Infinity } as const;
      redis.fault({ ...back, value: { ...older, task_id: taskId }, match: get("enslave_node") });
      redis.fault({ ...back, value: { actions: [older] }, match: { path: list } });
      await incomplete(up, /the server no longer knows how the action ended/);
    },
  },
];

describe("redis.NodeAction, where the list tells no task ids", () => {
  behaviour("redis:NodeAction", cases);
});
