import assert from "node:assert/strict";
import { startRedis, startTcf } from "../../simulators/index.ts";
import { directDoor, type Properties } from "./door.ts";
import { failureOf } from "./resource-case.ts";

/** Nothing listens there: the other one is asked, and is to be named, not this one alone. */
const down = "http://127.0.0.1:9";

async function messageOf(
  type: string,
  connections: Record<string, { endpoints: string[] }>,
  given: Properties,
): Promise<string> {
  await using session = await directDoor.open(type, connections);
  const { inputs, failures } = await session.check(undefined, { ...given, timeout: "3s" }, false);
  assert.deepEqual(failures, []);
  const { message } = await failureOf(session.create(inputs));
  return message;
}

describe("a time-out while one of several endpoints does not answer", () => {
  for (const skip of [1, 3])
    it(`names it where many share the reading: from request ${skip + 1} on`, async () => {
      await using redis = await startRedis();
      redis.fault({
        kind: "hang",
        match: { path: "/v1/nodes/actions" },
        skip,
        times: Number.POSITIVE_INFINITY,
      });
      const [endpoint = ""] = redis.endpoints;
      const message = await messageOf(
        "redis:NodeMaintenance",
        { redis: { endpoints: [down, endpoint] } },
        { nodeUid: 2 },
      );
      assert.ok(message.includes(`${endpoint}/v1/nodes/actions`), message);
    });

  it("names it where a call was sent to it", async () => {
    await using tcf = await startTcf();
    tcf.fault({ kind: "hang", match: { path: "/tcf/demote" }, times: Number.POSITIVE_INFINITY });
    const [east, west] = tcf.clusters.map(({ endpoints }) => endpoints[0] as string);
    const message = await messageOf(
      "tcf:ActiveCluster",
      { east: { endpoints: [down, east as string] }, west: { endpoints: [west as string] } },
      { active: "cluster2", clusters: { cluster1: "east", cluster2: "west" }, stableFor: "0s" },
    );
    assert.ok(message.includes(east as string), message);
  });
});
