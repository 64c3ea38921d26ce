import assert from "node:assert/strict";
import { Agent, request } from "node:http";
import { manualClock, startTcf, type TcfSimulator } from "../../simulators/index.ts";
import { call } from "./call.ts";

describe("the faults of a simulator", () => {
  let tcf: TcfSimulator;
  beforeEach(async () => {
    tcf = await startTcf();
  });
  afterEach(() => tcf.close());
  const demote = () => call(tcf.endpoints[0], "POST /tcf/demote");
  const clusters = () => call(tcf.endpoints[0], "GET /tcf/clusters");

  for (const [when, effects] of [["before", 0] as const, ["after", 1] as const]) {
    it(`take place ${when} the request is handled: ${effects} effects`, async () => {
      tcf.fault({ kind: "reset", when });
      await assert.rejects(demote());
      assert.deepEqual([tcf.counts().mutating, tcf.counts().effects], [1, effects]);
      assert.equal(tcf.cluster("cluster1").status, when === "after" ? "passive" : "active");
      assert.equal(tcf.requests[0]?.status, undefined);
    });
  }

  it("hit only what they match, after skip, as often as told, and can be removed", async () => {
    const [url] = tcf.endpoints;
    const fault = tcf.fault({
      kind: "status",
      status: 503,
      match: { method: "get", path: "/tcf/status" },
      skip: 1,
      times: 2,
    });
    const seen: number[] = [];
    for (let index = 0; index < 4; index++) seen.push((await call(url, "GET /tcf/status")).status);
    assert.deepEqual([seen, fault.hits, (await clusters()).status], [[200, 503, 503, 200], 2, 200]);
    const other = tcf.fault({
      kind: "status",
      status: 500,
      match: { path: /status$/ },
      times: Number.POSITIVE_INFINITY,
    });
    assert.equal((await call(url, "GET /tcf/status")).status, 500);
    other.remove();
    assert.equal((await call(url, "GET /tcf/status")).status, 200);
    tcf.fault({ kind: "status", status: 500, match: { endpoint: "cluster_2/0" } });
    assert.equal((await clusters()).status, 200);
  });

  it("answer reads as before for a while, and what was never asked as it is", async () => {
    const clock = manualClock();
    await using tcf = await startTcf({ clock });
    const [url] = tcf.endpoints;
    const statusNow = async () => (await call(url, "GET /tcf/status")).text.trim();
    const before = await statusNow();
    await call(url, "POST /tcf/demote");
    const stale = tcf.fault({ kind: "stale", when: "after", match: { method: "GET" }, lasts: 1_000 });
    assert.equal(await statusNow(), before);
    assert.match((await call(url, "GET /tcf/clusters")).text, /passive/);
    clock.advance(1_000);
    assert.equal(await statusNow(), "passive");
    assert.equal(stale.hits, 2);
  });

  it("answer any status with headers of their own", async () => {
    tcf.fault({ kind: "status", status: 429, headers: { "retry-after": "2" }, body: "slow down" });
    const answer = await clusters();
    assert.deepEqual(
      [answer.status, answer.headers.get("retry-after"), answer.text],
      [429, "2", "slow down"],
    );
  });

  it("let a gateway give up on a request that is handled all the same, later", async () => {
    const clock = manualClock();
    await using late = await startTcf({ clock });
    late.fault({ kind: "status", status: 504, landsAfter: 6_000, match: { path: "/tcf/demote" } });
    assert.equal((await call(late.endpoints[0], "POST /tcf/demote")).status, 504);
    assert.deepEqual([late.activeNames, late.counts().effects], [["cluster1"], 0]);
    clock.advance(6_000);
    await call(late.endpoints[0], "GET /tcf/status");
    assert.deepEqual([late.activeNames, late.counts().effects], [[], 1]);
  });

  it("corrupt the body in each way", async () => {
    tcf.fault({ kind: "html", status: 502, when: "after" });
    assert.match((await clusters()).text, /^<html>/);
    tcf.fault({ kind: "emptyBody", when: "after" });
    assert.equal((await clusters()).text, "");
    tcf.fault({ kind: "wrongType", when: "after" });
    assert.equal((await clusters()).json, "unexpected");
    tcf.fault({ kind: "truncatedBody", when: "after" });
    await assert.rejects(clusters());
    tcf.fault({ kind: "truncatedBody" });
    await assert.rejects(demote());
    tcf.fault({ kind: "slowBody", ms: 20, when: "after" });
    assert.equal((await clusters()).json.length, 2);
    tcf.fault({ kind: "hugeBody", bytes: 5_000_000 });
    assert.ok((await clusters()).text.length >= 5_000_000);
  });

  it("redirect to where they are told", async () => {
    tcf.fault({ kind: "redirect", location: (target) => `http://elsewhere.invalid${target}` });
    const answer = await call(tcf.endpoints[0], "POST /tcf/demote?a=b%20c");
    assert.deepEqual(
      [answer.status, answer.headers.get("location")],
      [307, "http://elsewhere.invalid/tcf/demote?a=b%20c"],
    );
  });

  it("hang until the client or the simulator goes away", async () => {
    tcf.fault({ kind: "hang", times: 2 });
    const [base] = tcf.endpoints;
    await assert.rejects(fetch(`${base}/tcf/status`, { signal: AbortSignal.timeout(50) }), {
      name: "TimeoutError",
    });
    while (tcf.inFlight > 0) await new Promise((resolve) => setImmediate(resolve));
    const hanging = assert.rejects(clusters());
    while (tcf.requests.length < 2) await new Promise((resolve) => setImmediate(resolve));
    assert.equal(tcf.inFlight, 1);
    await tcf.close();
    await hanging;
  });

  it("delay by the simulator's clock, before and after", async () => {
    await tcf.close();
    const clock = manualClock();
    tcf = await startTcf({ clock });
    for (const [when, effects] of [["before", 0] as const, ["after", 1] as const]) {
      tcf.resetCounts();
      tcf.fault({ kind: "delay", ms: 1000, when });
      const pending = call(tcf.endpoints[0], when === "before" ? "POST /tcf/demote" : "POST /tcf/promote");
      while (tcf.counts().mutating === 0) await new Promise((resolve) => setImmediate(resolve));
      assert.equal(tcf.counts().effects, effects);
      clock.advance(1000);
      assert.equal((await pending).status, 200);
    }
  });

  it("leave a simulator that closes with clients connected, and leaves the port free", async function () {
    // Between the close and the next start another process may be given the port.
    this.retries(2);
    const agent = new Agent({ keepAlive: true });
    const url = tcf.endpoints[0] ?? "";
    await new Promise((resolve) =>
      request(`${url}/tcf/status`, { agent }, (it) => it.resume().on("end", resolve)).end(),
    );
    await tcf.close();
    const again = await startTcf({ port: Number(new URL(url).port) });
    assert.equal(again.endpoints[0], url);
    await again.close();
    agent.destroy();
  });
});
