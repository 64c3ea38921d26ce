import assert from "node:assert/strict";
import { Session as Process } from "../../provider/index.ts";
import { type RedisSimulator, startRedis } from "../../simulators/index.ts";
import { expecting, tokenIn } from "../rules/approval.ts";
import { directDoor, type Properties } from "../rules/door.ts";
import { failureOf } from "../rules/resource-case.ts";
import { Stack } from "../rules/stack.ts";

interface Course {
  /** What becomes of the cluster between approval and update. */
  what: string;
  inputs?: Properties;
  before(redis: RedisSimulator): unknown;
  after(redis: RedisSimulator): unknown;
  /** Absent: it goes ahead. */
  refused?: RegExp;
}

const beside = { allowOtherNodesUnavailable: true };

function begin(redis: RedisSimulator, uid: number, action: string): void {
  redis.plan({ action, nodeUid: uid, held: true, reaches: 0.2 });
  redis.node(uid).start(action);
}

const courses: Course[] = [
  {
    what: "a node that was down has come back",
    before: (redis) => redis.node(3).goDown(),
    after: (redis) => redis.node(3).comeUp(),
  },
  {
    what: "a node has left maintenance",
    before: (redis) => redis.node(3).putInMaintenance(),
    after: (redis) => redis.node(3).takeOutOfMaintenance(),
  },
  {
    what: "a node is leaving maintenance",
    before: (redis) => redis.node(3).putInMaintenance(),
    after: (redis) => begin(redis, 3, "maintenance_off"),
  },
  {
    what: "a node that was on its way into maintenance is in it",
    before: (redis) => begin(redis, 3, "maintenance_on"),
    after: (redis) => redis.node(3).action("maintenance_on").finish(),
  },
  {
    what: "a node that was being removed is gone",
    before: (redis) => begin(redis, 3, "remove"),
    after: (redis) => redis.node(3).action("remove").finish(),
  },
  {
    what: "shards have moved",
    before: (redis) => redis.node(3).putInMaintenance(),
    after: (redis) => redis.node(1).promoteShards(),
  },
  {
    what: "another one is away than was",
    before: (redis) => redis.node(3).putInMaintenance(),
    after(redis) {
      redis.node(3).takeOutOfMaintenance();
      redis.node(4).putInMaintenance();
    },
    refused: /other nodes: was 3, node 3 in maintenance, is 3, node 4 in maintenance/,
  },
  {
    what: "a node that was in maintenance is being removed",
    before: (redis) => redis.node(3).putInMaintenance(),
    after: (redis) => begin(redis, 3, "remove"),
    refused: /other nodes: was 3, node 3 in maintenance, is 3, node 3 being removed/,
  },
  {
    what: "a node is gone that was none of those being removed",
    before: (redis) => redis.node(3).putInMaintenance(),
    after: (redis) => redis.node(4).vanish(),
    refused: /other nodes: was 3, .*, is 2, /,
  },
];

describe("what was approved beside another node that is away", () => {
  let redis: RedisSimulator;
  beforeEach(async () => {
    redis = await startRedis({ nodes: 4, actionMs: 20, softwareVersion: "8.2.0-25" });
  });
  afterEach(() => redis.close());

  const open = (process = new Process()) =>
    directDoor.open("redis:NodeMaintenance", { redis: { endpoints: redis.endpoints } }, { process });

  async function approve(inputs: Properties): Promise<string> {
    await using session = await open();
    await expecting("report", () => new Stack(session).preview(inputs));
    return tokenIn(session.said.plans);
  }

  for (const { what, before, after, refused } of courses)
    it(`${refused ? "is void" : "holds"} where ${what}`, async () => {
      const inputs = { nodeUid: 2, ...beside };
      await before(redis);
      const token = await approve(inputs);
      await after(redis);
      await using session = await open();
      const up = () => expecting(token, () => new Stack(session).up(inputs));
      if (refused) assert.match((await failureOf(up())).message, refused);
      else await up();
      assert.equal(redis.counts().mutating, refused ? 0 : 1);
    });

  it("is void where somebody else takes a node away while this run works on another one", async () => {
    const [first, second] = [
      { nodeUid: 2, ...beside },
      { nodeUid: 3, ...beside },
    ];
    const tokens = [await approve(first), await approve(second)];
    const process = new Process();
    for (const [index, inputs] of [first, second].entries()) {
      await using session = await open(process);
      const up = () => expecting(tokens[index] ?? "", () => new Stack(session).up(inputs));
      if (index === 0) await up();
      else
        assert.match(
          (await failureOf(up())).message,
          /other nodes: was 3, all free, is 3, node 2 in maintenance, node 4 in maintenance/,
        );
      redis.node(4).putInMaintenance();
    }
    assert.equal(redis.counts().mutating, 1);
  });

  it("is void where somebody else has moved the leadership while this run works on a node that had none", async () => {
    const inputs = { nodeUid: 3, ...beside };
    const tokens = [await approve({ nodeUid: 2, ...beside }), await approve(inputs)];
    const process = new Process();
    await using one = await open(process);
    await expecting(tokens[0] ?? "", () => new Stack(one).up({ nodeUid: 2, ...beside }));
    redis.changeLeader(3);
    await using other = await open(process);
    const failure = await failureOf(expecting(tokens[1] ?? "", () => new Stack(other).up(inputs)));
    assert.match(failure.message, /leader: was node 1, is node 3/);
  });

  it("holds for the second node of a run, whose first one has handed the leadership over", async () => {
    const inputs = [
      { nodeUid: 1, demoteNode: true, ...beside },
      { nodeUid: 4, ...beside },
    ];
    const tokens = [await approve(inputs[0] ?? {}), await approve(inputs[1] ?? {})];
    const process = new Process();
    for (const [index, asked] of inputs.entries()) {
      await using session = await open(process);
      await expecting(tokens[index] ?? "", () => new Stack(session).up(asked));
    }
    assert.notEqual(redis.leader, 1);
    assert.equal(redis.counts().mutating, 2);
  });
});
