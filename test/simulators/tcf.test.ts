import assert from "node:assert/strict";
import { manualClock, startTcf, type TcfOptions, type TcfSimulator } from "../../simulators/index.ts";
import { call } from "./call.ts";

describe("the simulated clusters federation", () => {
  let tcf: TcfSimulator;
  const clock = manualClock();
  const start = async (options: TcfOptions = {}) => {
    tcf = await startTcf({ clock, ...options });
  };
  const send = (cluster: string, line: string) => call(tcf.cluster(cluster).endpoints[0], line);
  const statuses = () => tcf.clusters.map((it) => it.status);
  afterEach(() => tcf.close());

  it("answers the three reads as documented", async () => {
    await start();
    assert.equal((await send("cluster1", "GET /tcf/status")).text, "active\n");
    assert.equal((await send("cluster_2", "GET /tcf/status")).text, "passive\n");
    assert.equal((await send("cluster1", "GET /tcf/is_active")).status, 200);
    assert.equal((await send("cluster2", "GET /tcf/is_active")).status, 418);
    assert.deepEqual((await send("cluster1", "GET /tcf/clusters")).json, [
      { status: "active", name: "cluster1", id: "cluster_1" },
      { status: "passive", name: "cluster2", id: "cluster_2" },
    ]);
    assert.deepEqual([tcf.counts().reads, tcf.counts().mutating], [5, 0]);
  });

  it("lists each cluster's own view, as the vendor's example stand is configured: itself is cluster_1", async () => {
    await start();
    assert.deepEqual((await send("cluster2", "GET /tcf/clusters")).json, [
      { status: "passive", name: "cluster2", id: "cluster_1" },
      { status: "active", name: "cluster1", id: "cluster_2" },
    ]);
  });

  it("lists the same everywhere where ids are absolute", async () => {
    await start({ ids: "absolute" });
    const list = [
      { status: "active", name: "cluster1", id: "cluster_1" },
      { status: "passive", name: "cluster2", id: "cluster_2" },
    ];
    for (const cluster of ["cluster1", "cluster2"])
      assert.deepEqual((await send(cluster, "GET /tcf/clusters")).json, list);
  });

  describe("a coordinator", () => {
    it("swaps both roles when the active cluster has failed three checks, while all endpoints answer", async () => {
      await start({ coordinator: {} });
      tcf.cluster("cluster1").stopStorage();
      clock.advance(5_999);
      assert.deepEqual(tcf.activeNames, ["cluster1"]);
      clock.advance(1);
      assert.deepEqual(tcf.activeNames, ["cluster2"]);
      assert.equal((await send("cluster1", "GET /tcf/status")).text, "passive\n");
    });

    it("takes a failover to an unhealthy cluster back", async () => {
      await start({ coordinator: { healthCheckDelay: 1, maxSuspectCounts: 2 } });
      tcf.cluster("cluster2").stopStorage();
      await send("cluster1", "POST /tcf/demote");
      await send("cluster2", "POST /tcf/promote");
      assert.deepEqual(tcf.activeNames, ["cluster2"]);
      clock.advance(2_000);
      assert.deepEqual(tcf.activeNames, ["cluster1"]);
    });

    it("has nowhere to go while both are unhealthy, and forgets what has become well again", async () => {
      await start({ coordinator: {} });
      for (const cluster of tcf.clusters) cluster.stopStorage();
      clock.advance(60_000);
      assert.deepEqual(tcf.activeNames, ["cluster1"]);
      tcf.cluster("cluster1").startStorage();
      tcf.cluster("cluster2").startStorage();
      clock.advance(60_000);
      assert.deepEqual(tcf.activeNames, ["cluster1"]);
    });

    it("can be told when to swap", async () => {
      await start();
      tcf.failOverIn(1_200);
      clock.advance(1_200);
      assert.deepEqual(statuses(), ["passive", "active"]);
    });
  });

  it("switches by demote and promote, and changes nothing the second time", async () => {
    await start();
    assert.equal((await send("cluster1", "POST /tcf/demote")).status, 200);
    assert.deepEqual(statuses(), ["passive", "passive"]);
    await send("cluster2", "POST /tcf/promote");
    await send("cluster2", "POST /tcf/promote");
    assert.deepEqual(tcf.activeIds, ["cluster_2"]);
    assert.deepEqual([tcf.counts().mutating, tcf.counts().effects], [3, 2]);
  });

  it("swaps both with toggle, and back with the next", async () => {
    await start();
    await send("cluster2", "POST /tcf/toggle");
    assert.deepEqual(statuses(), ["passive", "active"]);
    await send("cluster2", "POST /tcf/toggle");
    assert.deepEqual(statuses(), ["active", "passive"]);
  });

  it("takes its time with another word in between", async () => {
    await start({ switchMs: 500, switchWord: "syncing" });
    await send("cluster1", "POST /tcf/demote");
    assert.equal((await send("cluster1", "GET /tcf/status")).text, "syncing\n");
    assert.equal((await send("cluster1", "GET /tcf/is_active")).status, 500);
    clock.advance(500);
    assert.equal((await send("cluster1", "GET /tcf/status")).text, "passive\n");
  });

  it("undoes what was under way when it restarts without its history", async () => {
    await start({ switchMs: 500 });
    await send("cluster1", "POST /tcf/demote");
    await tcf.restart();
    assert.deepEqual(statuses(), ["switching", "passive"]);
    await tcf.restart({ loseHistory: true });
    assert.deepEqual(statuses(), ["active", "passive"]);
  });

  it("can answer only when the switch is done", async () => {
    await start({ switchMs: 500, waitsForSwitch: true });
    let answered = false;
    const demoting = send("cluster1", "POST /tcf/demote").then(() => {
      answered = true;
    });
    while (!tcf.requests.some((it) => it.effect)) await new Promise((resolve) => setImmediate(resolve));
    assert.equal(answered, false);
    clock.advance(500);
    await demoting;
    assert.deepEqual(statuses(), ["passive", "passive"]);
  });

  const rules: [TcfOptions["promoteWhileOtherActive"], number, string[]][] = [
    ["refuse", 500, ["active", "passive"]],
    ["autoDemote", 200, ["passive", "active"]],
    ["bothActive", 200, ["active", "active"]],
  ];
  for (const [promoteWhileOtherActive, status, after] of rules) {
    it(`promotes beside an active cluster by the rule ${promoteWhileOtherActive}`, async () => {
      await start({ promoteWhileOtherActive });
      const answer = await send("cluster2", "POST /tcf/promote");
      assert.deepEqual([answer.status, statuses()], [status, after]);
      if (status === 500) assert.deepEqual(answer.json, { error: "cluster cluster1 is active" });
    });
  }

  it("promotes without asking when the other cluster is dead, but does not toggle", async () => {
    await start();
    await tcf.cluster("cluster1").goDown();
    await assert.rejects(send("cluster1", "GET /tcf/status"));
    assert.equal((await send("cluster2", "POST /tcf/toggle")).status, 500);
    assert.equal((await send("cluster2", "POST /tcf/promote")).status, 200);
    await tcf.cluster("cluster1").comeUp();
    assert.equal((await send("cluster1", "GET /tcf/status")).text, "passive\n");
  });

  it("goes on serving from the other instance", async () => {
    await start({
      clusters: [
        { id: "a", name: "east", instances: 2 },
        { id: "b", name: "west" },
      ],
    });
    const [first, second] = tcf.cluster("east").endpoints;
    await tcf.cluster("east").goDown(0);
    await assert.rejects(call(first, "GET /tcf/status"));
    assert.equal((await call(second, "GET /tcf/status")).text, "active\n");
  });

  it("can be set to anything by hand, and fails over on its own", async () => {
    await start();
    tcf.failOver();
    assert.deepEqual(tcf.activeIds, ["cluster_2"]);
    tcf.cluster("cluster1").status = "rebooting";
    tcf.cluster("cluster2").listUnavailable = true;
    assert.equal((await send("cluster1", "GET /tcf/clusters")).json[0].status, "rebooting");
    assert.equal((await send("cluster2", "GET /tcf/clusters")).status, 500);
    assert.equal(tcf.counts().mutating, 0);
  });

  it("lets the role info read and the role toggle switch", async () => {
    await start({
      auth: {
        tokens: [
          { token: "reader", roles: ["info"] },
          { token: "switcher", roles: ["toggle"] },
        ],
      },
    });
    const [base] = tcf.endpoints;
    const as = (token: string) => ({ headers: { authorization: `Bearer ${token}` } });
    assert.equal((await call(base, "GET /tcf/status")).status, 401);
    assert.equal((await call(base, "GET /tcf/status", as("reader"))).status, 200);
    assert.equal((await call(base, "POST /tcf/demote", as("reader"))).status, 403);
    assert.equal((await call(base, "POST /tcf/demote", as("switcher"))).status, 200);
  });
});
