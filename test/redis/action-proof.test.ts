import assert from "node:assert/strict";
import { UnbrokenRun } from "../../provider/redis/action/unbroken-run.ts";
import type { RedisSimulator } from "../../simulators/index.ts";
import {
  behaviour,
  type Case,
  get,
  type Harness,
  incomplete,
  looks,
  outputs,
  until,
  waiting,
} from "./cluster.ts";

const good = { nodeUid: 2, action: "enslave_node" };
const list = "/v1/nodes/actions";

/** How often the action itself was read since it was started: what its list has left open. */
function asked({ redis }: Harness): number {
  const started = redis.requests.findLastIndex(({ method }) => method === "POST");
  const { path } = get("enslave_node");
  return redis.requests.slice(started).filter((request) => request.method === "GET" && request.path === path)
    .length;
}

/** Until the list has shown it on its way. */
async function seenRunning({ said }: Harness): Promise<void> {
  await until(() => /enslave_node running [1-9]/.test(said.progress.join()));
}

/** Until this has been read once more. */
async function read(redis: RedisSimulator, wanted: string): Promise<void> {
  const before = redis.requests.length;
  await until(() => redis.requests.slice(before).some(({ path }) => path === wanted));
}

/** Starts it, and lets it end once it has been seen on its way. */
async function seenThrough(harness: Harness): Promise<void> {
  harness.redis.plan({ held: true, actionMs: 10 });
  const up = harness.stack.up(good);
  await seenRunning(harness);
  harness.node.action("enslave_node").finish();
  await up;
}

/** One that has ended before, as the server tells it. */
function anOlder({ node }: Harness): string {
  node.start("enslave_node");
  node.action("enslave_node").finish();
  return `${node.action("enslave_node").taskId}`;
}

/** The server no longer knows our run, and tells of the older one again. */
function goBack({ node }: Harness, older: string): void {
  node.action("enslave_node").finish();
  node.action("enslave_node").replaceTask(older);
}

const proofs: Case[] = [
  {
    it: "believes the list of a run that it has seen from nothing to its end",
    mutating: 1,
    async run(harness) {
      await seenThrough(harness);
      assert.equal(outputs(harness).taskId, harness.node.action("enslave_node").taskId);
      assert.equal(asked(harness), 0);
    },
  },
  {
    it: "asks for the run itself where another one stood there before",
    mutating: 1,
    async run(harness) {
      anOlder(harness);
      await seenThrough(harness);
      assert.equal(asked(harness), 1);
    },
  },
  {
    it: "asks for the run itself where no progress is told",
    mutating: 1,
    async run(harness) {
      const { redis, node, stack } = harness;
      redis.plan({ frozenProgress: true, held: true, actionMs: 10 });
      const up = stack.up(good);
      await looks(redis, 2);
      node.action("enslave_node").finish();
      await up;
      assert.equal(asked(harness), 1);
    },
  },
  {
    it: "asks for the run itself where it was not listed at one look",
    mutating: 1,
    async run(harness) {
      const { redis, node, stack } = harness;
      redis.plan({ held: true, actionMs: 10 });
      const up = stack.up(good);
      await seenRunning(harness);
      redis.fault({ kind: "wrongType", value: { actions: [] }, match: { path: list } });
      await read(redis, `${get("enslave_node").path}`);
      node.action("enslave_node").finish();
      await up;
      assert.equal(asked(harness), 2);
    },
  },
  {
    it: "notices by a new beginning that its run was replaced, and says so",
    mutating: 1,
    async run(harness) {
      const { redis, node, stack, said } = harness;
      redis.plan({ held: true, actionMs: 1_000 });
      const up = stack.up(good);
      await until(() => /enslave_node running 50 %/.test(said.progress.join()));
      node.action("enslave_node").replaceTask("somebody-elses");
      node.action("enslave_node").freezeProgress();
      await read(redis, list);
      node.action("enslave_node").finish();
      await up;
      assert.match(said.warnings.join(), /was replaced by somebody-elses: somebody started it again/);
      assert.equal(outputs(harness).taskId, "somebody-elses");
    },
  },
];

const reverted: Case[] = [
  {
    it: "is not the older run, and is not done again until it is told to",
    mutating: 2,
    async run(harness) {
      const { redis, stack } = harness;
      const older = anOlder(harness);
      redis.plan({ held: true, actionMs: 10 });
      const up = stack.up(good);
      await looks(redis, 2);
      goBack(harness, older);
      await incomplete(up, /the server no longer knows how the action ended/);
      await harness.costing(0, () => incomplete(stack.up(good), /is not sent again, .* change triggers/));
      await stack.up({ ...good, triggers: ["again"] });
      assert.notEqual(outputs(harness).taskId, older);
    },
  },
  {
    it: "is not the older run either when its wait is resumed",
    mutating: 1,
    async run(harness) {
      const { redis, stack, said } = harness;
      const older = anOlder(harness);
      redis.plan({ held: true, actionMs: 10 });
      await incomplete(stack.up({ ...good, timeout: "1s" }), /not done within the timeout of 1s/);
      const up = stack.up(good);
      await waiting(harness);
      goBack(harness, older);
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
