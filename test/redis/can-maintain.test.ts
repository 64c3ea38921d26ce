import assert from "node:assert/strict";
import { type CanMaintainArgs, type CanMaintainResult, invoke, Session } from "../../provider/index.ts";
import { type RedisSimulator, startRedis } from "../../simulators/index.ts";
import { closed } from "../guards/stage.ts";
import { contextFor } from "../support/context.ts";

describe("redis.canMaintain", () => {
  let redis: RedisSimulator;
  beforeEach(async () => {
    redis = await startRedis();
  });
  afterEach(() => redis.close());

  function ask(args: object = {}, settings = {}, session = new Session()): Promise<CanMaintainResult> {
    // As in a preview, whose resources share what they have read.
    const context = contextFor({ redis: { endpoints: redis.endpoints } }, { preview: true }, settings);
    context.session = session;
    const asked: CanMaintainArgs = { nodeUid: 2, ...args };
    return invoke("redis:canMaintain", context, asked);
  }

  it("says what would be sent, and sends nothing", async () => {
    assert.deepEqual(await ask(), {
      possible: true,
      blockers: [],
      warnings: [],
      plan: "node 2: maintenance_on, 4 shards to migrate, 2 other nodes free",
    });
    assert.equal(redis.counts().mutating, 0);
  });

  it("is possible where it is so already: nothing would be sent", async () => {
    redis.node(2).putInMaintenance();
    const { possible, plan, warnings } = await ask();
    assert.deepEqual([possible, plan], [true, undefined]);
    assert.match(warnings.join(), /already in maintenance/);
  });

  it("is not possible while another node is away, and says which", async () => {
    redis.node(3).putInMaintenance();
    const { possible, blockers } = await ask();
    assert.equal(possible, false);
    assert.deepEqual(
      blockers.map(({ property, reason }) => [property, reason.slice(0, 24)]),
      [["nodeUid", "node 3 is in maintenance"]],
    );
    const allowed = await ask({ allowOtherNodesUnavailable: true });
    assert.equal(allowed.possible, true);
    assert.match(allowed.warnings.join(), /node 3 is in maintenance/);
    const limited = await ask(
      { allowOtherNodesUnavailable: true },
      { guards: { redis: { maxNodesAway: 1 } } },
    );
    assert.deepEqual(
      limited.blockers.map(({ property }) => property),
      ["clusterops:guards.redis.maxNodesAway"],
    );
  });

  it("names all that is in the way", async () => {
    redis.node(3).putInMaintenance();
    const { blockers } = await ask({}, { guards: closed });
    assert.deepEqual(
      blockers.map(({ property }) => property),
      ["nodeUid", 'clusterops:guards["*"].windows'],
    );
    assert.match(blockers[1]?.reason ?? "", /outside of the maintenance windows: the next window is/);
    assert.match(
      blockers[1]?.reason ?? "",
      /to go ahead all the same: pulumi config set [^"]* "<ticket, and why>"$/,
    );
  });

  it("is not possible for a node that there is none of, nor where nobody answers", async () => {
    assert.match((await ask({ nodeUid: 9 })).blockers[0]?.reason ?? "", /no node 9/);
    await redis.close();
    const { possible, blockers } = await ask();
    assert.equal(possible, false);
    assert.equal(blockers[0]?.property, "connection");
  });

  it("answers of this moment, whatever the same program has read before", async () => {
    const session = new Session();
    redis.node(3).putInMaintenance();
    assert.equal((await ask({}, {}, session)).possible, false);
    redis.node(3).takeOutOfMaintenance();
    assert.equal((await ask({}, {}, session)).possible, true);
    await redis.close();
    assert.equal((await ask({}, {}, session)).possible, false);
  });

  it("reads once what it asks for more than once", async () => {
    await ask();
    const asked = redis.requests.map(({ path }) => path);
    assert.deepEqual(asked.toSorted(), [...new Set(asked)].toSorted());
  });

  it("warns of what a preview warns of", async () => {
    const { warnings } = await ask({ nodeUid: 1 });
    assert.match(warnings.join(), /leads the cluster/);
  });
});
