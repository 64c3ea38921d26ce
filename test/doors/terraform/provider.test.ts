import assert from "node:assert/strict";
import { pack, type RawObject, unpack } from "../../../doors/terraform/codec.ts";
import { type Diagnostic, inTerraform } from "../../../doors/terraform/diagnostics.ts";
import { dataSourceAt, schema } from "../../../doors/terraform/schema.ts";
import { rawObject } from "../../../doors/terraform/values.ts";
import { unknown } from "../../../provider/index.ts";
import { action, nothing, open, texts, window } from "./stage.ts";

describe("the provider of Terraform", () => {
  it("adopts what an import id says, and refuses a run with a sentence", async () => {
    await using stage = await open();
    const { redis, server } = stage;
    redis.node(2).start("maintenance_on").finish();
    const imported = async (typeName: string, id: string) => {
      type Imported = {
        importedResources?: { state: object; private: Uint8Array }[];
        diagnostics?: Diagnostic[];
      };
      const { importedResources = [], diagnostics = [] } = await server.call<Imported>(
        "ImportResourceState",
        { typeName, id },
      );
      const [one] = importedResources;
      return { found: one && { state: unpack(one.state), private: one.private }, said: texts(diagnostics) };
    };
    const { found = nothing } = await imported(window, "2");
    const { state } = await server.read(window, found);
    assert.deepEqual([state?.id, state?.node_uid, state?.in_maintenance, state?.ready], ["2", 2, true, true]);
    assert.match((await imported(action, "3")).said, /NodeAction cannot be imported: declare it/);
  });

  it("reads older states, of which it drops what it does not know", async () => {
    await using stage = await open();
    const rawState = { json: Buffer.from(JSON.stringify({ node_uid: 2, id: "2", gone: [1] })) };
    const answer = await stage.server.call<{ upgradedState: { json: Uint8Array } }>("UpgradeResourceState", {
      typeName: window,
      version: 0,
      rawState,
    });
    assert.deepEqual(JSON.parse(Buffer.from(answer.upgradedState.json).toString()), { node_uid: 2, id: "2" });
  });

  it("has a data source for each function but the one that takes work", async () => {
    await using stage = await open();
    const typeName = "clusterops_redis_nodes";
    const answer = await stage.server.call<{ state: object }>("ReadDataSource", {
      typeName,
      config: pack({ connection: null, nodes: null }),
    });
    const { nodes } = unpack(answer.state) ?? {};
    assert.deepEqual(
      (nodes as RawObject[]).map(({ node_uid }) => node_uid),
      [1, 2, 3],
    );
    assert.equal(Object.keys(schema.dataSources).length, 12);
    assert.ok(!Object.keys(schema.dataSources).some((name) => name.includes("claim")));
  });

  it("judges the arguments of a data source offline, as far as they are known", async () => {
    await using stage = await open();
    const judged = async (written: RawObject, typeName = "clusterops_redis_node") => {
      const config = pack({ ...rawObject(dataSourceAt(typeName).attributes, {}), ...written });
      const answer = await stage.server.call<{ diagnostics?: Diagnostic[] }>("ValidateDataResourceConfig", {
        typeName,
        config,
      });
      return (answer.diagnostics ?? []).map(({ summary, attribute }) => [summary, attribute?.steps]);
    };
    const path = [{ attributeName: "node_uid" }];
    assert.deepEqual(await judged({ node_uid: 0 }), [["node_uid: 0 must be >= 1", path]]);
    assert.deepEqual(await judged({ node_uid: unknown }), []);
    const clusters = "clusterops_tcf_can_fail_over";
    assert.deepEqual(await judged({ clusters: { one: unknown, two: "cluster2" } }, clusters), []);
    assert.equal(stage.redis.requests.length, 0);
  });

  it("answers whether a node could go into maintenance, and what is in the way", async () => {
    await using stage = await open();
    stage.redis.node(3).putInMaintenance();
    const answer = await stage.server.call<{ state: object }>("ReadDataSource", {
      typeName: "clusterops_redis_can_maintain",
      config: pack({
        connection: null,
        node_uid: 2,
        allow_other_nodes_unavailable: null,
        ...{ possible: null, blockers: null, warnings: null, plan: null },
      }),
    });
    const { possible, blockers, plan } = unpack(answer.state) ?? {};
    assert.deepEqual([possible, plan], [false, null]);
    const [{ property, reason } = {}] = blockers as { property?: string; reason?: string }[];
    assert.equal(property, "node_uid");
    assert.match(String(reason), /node 3 is in maintenance.*set allow_other_nodes_unavailable = true/);
  });
});

describe("a message in Terraform", () => {
  for (const [said, shown] of [
    [
      "with allowOtherNodesUnavailable: true nobody waits",
      "with allow_other_nodes_unavailable = true nobody waits",
    ],
    ["without force: true this will fail", "without force = true this will fail"],
    ['write { endpoint: "https://host:port" }', 'write { endpoint = "https://host:port" }'],
    ['nodeUid: "x" is not an integer', 'node_uid: "x" is not an integer'],
    ["action: true is not a string", "action: true is not a string"],
    ["parameters: { demote_node: true } hands it over", "parameters = { demote_node = true } hands it over"],
    ['429 slow: "down"', '429 slow: "down"'],
  ] as const)
    it(`says ${shown}`, () => assert.equal(inTerraform(said), shown));
});
