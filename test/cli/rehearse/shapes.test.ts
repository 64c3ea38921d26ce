import assert from "node:assert/strict";
import { lookAt } from "../../../cli/rehearse/installations.ts";
import type { RealStack } from "../../../cli/rehearse/real-stack.ts";
import type { Shape } from "../../../cli/rehearse/shapes/shape.ts";
import { Stage } from "../../../cli/rehearse/stage.ts";
import type { StepState } from "../../../cli/rehearse/steps.ts";
import { wantedBy } from "../../../cli/rehearse/wanted.ts";
import { startAspire, startFactFinder, startRedis, startTcf } from "../../../simulators/index.ts";

type Connections = Record<string, { endpoint: string | undefined }>;

/** A stack whose program declares these resources. */
function stackWith(
  connections: Connections,
  resources: [type: string, inputs: object][],
  more: Partial<StepState> = {},
): RealStack {
  const steps = resources.map(([type, inputs], index) => ({
    op: "create",
    urn: `urn:pulumi:dev::ops::${type}::r${index}`,
    newState: {
      type: type.includes("::") ? type : `clusterops:${type}`,
      custom: true,
      inputs: inputs as Record<string, unknown>,
      ...more,
    },
  }));
  const config = { "clusterops:connections": { value: JSON.stringify(connections) } };
  return {
    name: "dev",
    project: "ops",
    folder: "/",
    config,
    steps,
    preview: { steps, messages: [] },
    state: "{}",
  };
}

function standFor(endpoint: string, routes: Record<string, string>): string | undefined {
  const [, to] = Object.entries(routes).find(([from]) => from.startsWith(endpoint)) ?? [];
  return to?.replace("/aspire/_api", "");
}

/** What is seen of the simulator that stands for what was seen: the same, endpoints aside. */
async function seenTwice(connections: Connections, resources: [string, object][]): Promise<[string, string]> {
  const first = await lookAt(wantedBy(stackWith(connections, resources)));
  assert.deepEqual(first.missing, []);
  const [shape] = first.shapes as [Shape];
  const { simulator, routes } = await shape.start();
  await using _ = simulator;
  const stands = Object.entries(connections).map(([name, { endpoint = "" }]) => [
    name,
    { endpoint: standFor(endpoint, routes) },
  ]);
  const second = await lookAt(wantedBy(stackWith(Object.fromEntries(stands), resources)));
  assert.deepEqual(second.missing, []);
  const words = (text = "") =>
    text.replace(/http:\S+?(?=[,:]? )/g, "...").replace(/http:[^,: ]*:\d+/g, "...");
  return [words(first.shapes[0]?.words), words(second.shapes[0]?.words)];
}

describe("a simulator for a rehearsal looks like", () => {
  it("the cluster of Redis Enterprise that was seen", async () => {
    await using redis = await startRedis({
      layout: [
        { uid: 1, shards: 3 },
        { uid: 4, shards: 5, masters: 1 },
        { uid: 7, shards: 2, masters: 2 },
      ],
      leader: 4,
      softwareVersion: "7.22.2-170",
    });
    redis.node(7).putInMaintenance();
    redis.node(4).addSnapshot("by-hand");
    const [real, stand] = await seenTwice({ redis: { endpoint: redis.endpoints[0] } }, [
      ["redis:NodeMaintenance", { nodeUid: 4 }],
    ]);
    assert.equal(stand, real);
    assert.match(real, /nodes 1, 4 \(leads\), 7, 10 shards, 7\.22\.2-170, node 7 is in maintenance/);
    assert.equal(redis.counts().mutating, 0);
  });

  for (const ids of ["relative", "absolute"] as const)
    it(`the federation that was seen, with ${ids} ids`, async () => {
      const clusters = [
        { id: "a", name: "north", status: "passive" },
        { id: "b", name: "south", status: "active" },
      ] as const;
      await using tcf = await startTcf({ ids, clusters: [...clusters] });
      const [north, south] = tcf.clusters.map(({ endpoints: [endpoint] }) => ({ endpoint }));
      const program: [string, object][] = [
        ["tcf:ActiveCluster", { active: "south", clusters: { north: "n", south: "s" } }],
      ];
      const [real, stand] = await seenTwice(
        { n: north as { endpoint: string }, s: south as { endpoint: string } },
        program,
      );
      assert.equal(stand, real);
      assert.match(real, /north is passive, south is active/);
    });

  it("the federation that was seen, and tells of what it is sent by the names of the program", async () => {
    await using tcf = await startTcf();
    const [one = { endpoint: "" }, two = { endpoint: "" }] = tcf.clusters.map(
      ({ endpoints: [endpoint = ""] }) => ({ endpoint }),
    );
    const clusters = { cluster1: "one", cluster2: "two" };
    const resources: [string, object][] = [["tcf:ActiveCluster", { active: "cluster2", clusters }]];
    const { shapes, ways } = await lookAt(wantedBy(stackWith({ one, two }, resources)));
    await using stage = await Stage.open(shapes, ways);
    await fetch(`${stage.routes[two.endpoint]}/tcf/promote`, { method: "POST" });
    assert.deepEqual(
      stage.take().map(({ to, path }) => [to, path]),
      [["tcf cluster2", "/tcf/promote"]],
    );
  });

  it("the nodes of FACT-Finder that were seen, each at its versions", async () => {
    await using ff = await startFactFinder({ channels: ["de", "fr"], databaseVersion: 12, deltaVersion: 3 });
    ff.worker(2).setState("fr", { databaseVersion: 11, deltaVersion: 0 });
    const names = { d: ff.director.url, w1: ff.worker(1).url, w2: ff.worker(2).url };
    const connections = Object.fromEntries(
      Object.entries(names).map(([name, endpoint]) => [name, { endpoint }]),
    );
    const program: [string, object][] = [
      ["factfinder:DatabaseSync", { channel: "fr", director: "d", nodes: ["w1", "w2"] }],
    ];
    const seen = await lookAt(wantedBy(stackWith(connections, program)));
    const [shape] = seen.shapes as [Shape];
    const { simulator } = await shape.start();
    await using stand = simulator as typeof ff;
    assert.deepEqual(stand.director.state("fr"), {
      databaseVersion: 12,
      deltaVersion: 3,
      deltaErrorCount: 0,
    });
    assert.deepEqual(stand.worker(2).state("fr"), {
      databaseVersion: 11,
      deltaVersion: 0,
      deltaErrorCount: 0,
    });
    assert.deepEqual([stand.worker(1).isInSync("fr"), stand.worker(2).isInSync("fr")], [true, false]);
  });

  it("nothing of Aspire, of which the program alone says what there is", async () => {
    await using aspire = await startAspire();
    const program: [string, object][] = [
      ["aspire:SeedRelease", { seedIds: ["s1", "s2"] }],
      ["aspire:SeedThrottle", { seedId: "s3" }],
    ];
    const [real, stand] = await seenTwice({ aspire: { endpoint: aspire.endpoints[0] } }, program);
    assert.equal(stand, real);
    assert.match(real, /the 3 seeds, 0 workers and 0 batches that the program names/);
    assert.deepEqual(aspire.requests, []);
  });
});

describe("a rehearsal is refused", () => {
  it("where others' resources are declared, by whichever door ours are", () => {
    const stack = stackWith({}, [
      ["redis:NodeMaintenance", { nodeUid: 1 }],
      ["aws:s3/bucket:Bucket", {}],
    ]);
    const [, bucket] = stack.steps;
    Object.assign(bucket?.newState ?? {}, { type: "aws:s3/bucket:Bucket" });
    assert.throws(
      () => wantedBy(stack),
      /declares resources of other providers.*nothing was done:\n.*aws:s3/,
    );
    assert.doesNotThrow(() => wantedBy(stackWith({}, [["redis:NodeMaintenance", { nodeUid: 1 }]])));
  });

  it("where an address is known only once something else is made", () => {
    const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
    const stack = stackWith({}, [
      ["redis:NodeMaintenance", { nodeUid: 1, connection: { endpoint: unknown } }],
    ]);
    assert.throws(() => wantedBy(stack), /is not known before another resource is made/);
  });

  it("where somebody cannot be read: it says who, and has no shape of it", async () => {
    const seen = await lookAt(
      wantedBy(
        stackWith({ redis: { endpoint: "http://127.0.0.1:1" } }, [["redis:NodeMaintenance", { nodeUid: 1 }]]),
      ),
    );
    assert.deepEqual(seen.shapes, []);
    assert.match(seen.missing.join(), /^redis \(redis\): .*connection refused/);
  });
});
