import assert from "node:assert/strict";
import { UnbrokenRun } from "../../provider/redis/action/unbroken-run.ts";
import type { RedisSimulator } from "../../simulators/index.ts";
import {
  behaviour,
  type Case,
  get,
  incomplete,
  looks,
  outputs,
  type Scene,
  until,
  waiting,
} from "./cluster.ts";

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

/** Starts it, and lets it end once it has been seen on its way. */
async function seenThrough(scene: Scene): Promise<void> {
  scene.redis.plan({ held: true, actionMs: 10 });
  const up = scene.stack.up(good);
  await seenRunning(scene);
  scene.node.action("enslave_node").finish();
  await up;
}

/** One that has ended before, as the server tells it. */
function anOlder({ node }: Scene): string {
  node.start("enslave_node");
  node.action("enslave_node").finish();
  return `${node.action("enslave_node").taskId}`;
}

/** The server no longer knows our run, and tells of the older one again. */
function goBack({ node }: Scene, older: string): void {
  node.action("enslave_node").finish();
  node.action("enslave_node").replaceTask(older);
}

const proofs: Case[] = [
  {
    it: "believes the list of a run that it has seen from nothing to its end",
    mutating: 1,
    async play(scene) {
      await seenThrough(scene);
      assert.equal(outputs(scene).taskId, scene.node.action("enslave_node").taskId);
      assert.equal(asked(scene), 0);
    },
  },
  {
    it: "asks for the run itself where another one stood there before",
    mutating: 1,
    async play(scene) {
      anOlder(scene);
      await seenThrough(scene);
      assert.equal(asked(scene), 1);
    },
  },
  {
    it: "asks for the run itself where no progress is told",
    mutating: 1,
    async play(scene) {
      const { redis, node, stack } = scene;
      redis.plan({ frozenProgress: true, held: true, actionMs: 10 });
      const up = stack.up(good);
      await looks(redis, 2);
      node.action("enslave_node").finish();
      await up;
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
      node.action("enslave_node").freezeProgress();
      await read(redis, list);
      node.action("enslave_node").finish();
      await up;
      assert.match(said.warnings.join(), /was replaced by somebody-elses: somebody started it again/);
      assert.equal(outputs(scene).taskId, "somebody-elses");
    },
  },
];

const reverted: Case[] = [
  {
    it: "is not the older run, and is not done again until it is told to",
    mutating: 2,
    async play(scene) {
      const { redis, stack } = scene;
      const older = anOlder(scene);
      redis.plan({ held: true, actionMs: 10 });
      const up = stack.up(good);
      await looks(redis, 2);
      goBack(scene, older);
      await incomplete(up, /the server no longer knows how the action ended/);
      await scene.costing(0, () => incomplete(stack.up(good), /is not sent again, .* change triggers/));
      await stack.up({ ...good, triggers: ["again"] });
      assert.notEqual(outputs(scene).taskId, older);
    },
  },
  {
    it: "is not the older run either when its wait is resumed",
    mutating: 1,
    async play(scene) {
      const { redis, stack, said } = scene;
      const older = anOlder(scene);
      redis.plan({ held: true, actionMs: 10 });
      await incomplete(stack.up({ ...good, timeout: "1s" }), /not done within the timeout of 1s/);
      const up = stack.up(good);
      await waiting(scene);
      goBack(scene, older);
      await incomplete(up, /the server no longer knows how the action ended/);
      assert.deepEqual(said.warnings, []);
    },
  },
];

/** What looks at a run of nodes show, with the milliseconds since the look before, and whether it is proven to be one. */
const courses: [string, [status: string | undefined, progress?: number, after?: number][], boolean][] = [
  [
    "further each time",
    [
      ["queued", 0],
      ["running", 20],
      ["running", 60],
      ["completed", 100],
    ],
    true,
  ],
  [
    "at the same per cent for a while",
    [
      ["running", 20],
      ["running", 20],
      ["completed", 100],
    ],
    true,
  ],
  ["never on its way", [["completed", 100]], false],
  ["without progress", [["queued"], ["running"], ["completed"]], false],
  [
    "back by per cent",
    [
      ["running", 60],
      ["running", 20],
      ["completed", 100],
    ],
    false,
  ],
  [
    "back by its status",
    [
      ["running", 60],
      ["queued", 60],
      ["completed", 100],
    ],
    false,
  ],
  ["missing at one look", [["running", 20], [undefined], ["completed", 100]], false],
  [
    "by an unknown word in between",
    [
      ["running", 20],
      ["pausing", 30],
      ["completed", 100],
    ],
    false,
  ],
  [
    "after nobody has looked for long",
    [
      ["running", 20],
      ["running", 60, 6_000],
      ["completed", 100],
    ],
    false,
  ],
];

describe("redis.NodeAction, where the list tells no task ids", () => {
  behaviour("redis:NodeAction", proofs);

  for (const [how, looksAtIt, isOne] of courses) {
    it(`${isOne ? "believes" : "does not believe"} a list that shows it ${how}`, () => {
      let now = 0;
      const run = new UnbrokenRun(null, () => now);
      for (const [status, progress, after = 300] of looksAtIt) {
        now += after;
        run.see(status === undefined ? undefined : { name: "x", nodeUid: 1, status, progress });
      }
      assert.equal(run.isOne, isOne);
    });
  }
});

describe("redis.NodeAction, when the server has lost it", () => {
  behaviour("redis:NodeAction", reverted);
});
