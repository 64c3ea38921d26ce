import assert from "node:assert/strict";
import { invoke } from "../../provider/index.ts";
import { startTcf, type TcfSimulator } from "../../simulators/index.ts";
import { contextFor, type TestContext } from "../support/context.ts";

describe("the functions of TCF", () => {
  let tcf: TcfSimulator;
  let context: TestContext;
  beforeEach(async () => {
    tcf = await startTcf();
    const [east, west] = tcf.clusters.map(({ endpoints }) => ({ endpoints }));
    context = contextFor({ tcf: { ...east }, west: { ...west } });
  });
  afterEach(() => tcf.close());

  it("tell one cluster's state: by default of the connection named tcf", async () => {
    assert.deepEqual(await invoke("tcf:getStatus", context, {}), { status: "active" });
    assert.deepEqual(await invoke("tcf:getStatus", context, { connection: "west" }), { status: "passive" });
    tcf.cluster("cluster2").status = "rebooting";
    assert.deepEqual(await invoke("tcf:getStatus", context, { connection: "west" }), { status: "rebooting" });
  });

  it("tell whether a cluster is active, and 418 is an answer", async () => {
    assert.deepEqual(await invoke("tcf:isActive", context, {}), { active: true });
    assert.deepEqual(await invoke("tcf:isActive", context, { connection: "west" }), { active: false });
    assert.deepEqual(
      tcf.requests.map(({ path, status }) => `${path} ${status}`),
      ["/tcf/is_active 200", "/tcf/is_active 418"],
    );
  });

  it("list both clusters", async () => {
    assert.deepEqual(await invoke("tcf:getClusters", context, {}), {
      clusters: [
        { id: "cluster_1", name: "cluster1", status: "active" },
        { id: "cluster_2", name: "cluster2", status: "passive" },
      ],
    });
  });

  it("survive a 500 that passes, and tell the server's reason for one that does not", async () => {
    tcf.fault({ kind: "status", status: 500 });
    assert.deepEqual(await invoke("tcf:isActive", context, {}), { active: true });
    tcf.cluster("cluster1").listUnavailable = true;
    await assert.rejects(
      invoke("tcf:getClusters", context, {}),
      /^StatusError: tcf.getClusters: GET .*\/tcf\/clusters: 500 state store is unavailable/,
    );
  });

  for (const [name, args, reason] of [
    [
      "tcf:getStatus",
      { conection: "west" },
      /tcf.getStatus: conection is not an input: did you mean connection\?/,
    ],
    ["tcf:isActive", { connection: 5 }, /tcf.isActive: connection 5 is not a string or a Connection/],
    ["tcf:getClusters", { connection: "north" }, /no connection "north" is configured/],
  ] as const) {
    it(`refuse arguments that cannot be right: ${name} ${JSON.stringify(args)}`, async () => {
      await assert.rejects(invoke(name, context, args as object), reason);
      assert.deepEqual(tcf.requests, []);
    });
  }
});
