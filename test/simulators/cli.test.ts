import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { execa } from "execa";
import { startAll, startRedis } from "../../simulators/index.ts";
import { call } from "./call.ts";

const cli = fileURLToPath(new URL("../../simulators/cli.ts", import.meta.url));

describe("pulumi-clusterops-simulators", () => {
  const end = new AbortController();
  const run = (...args: string[]) =>
    execa(process.execPath, [cli, ...args], { reject: false, cancelSignal: end.signal });
  after(() => end.abort());

  it("prints what to configure, then what is asked of it, then the sums, and ends at Ctrl-C", async () => {
    const running = run("--port-base", "0", "--nodes", "4", "redis", "tcf");
    let output = "";
    const seen = async (pattern: RegExp) => {
      while (!pattern.test(output)) await new Promise((resolve) => running.stdout.once("data", resolve));
      return pattern.exec(output)?.[1];
    };
    running.stdout.on("data", (chunk) => {
      output += chunk;
    });
    const redis = await seen(
      /^ {2}pulumi config set --path 'clusterops:connections\.redis\.endpoints\[0\]' (\S+)$/m,
    );
    await seen(/as they come/);
    assert.equal((await call(redis, "GET /v1/nodes")).json.length, 4);
    await call(redis, "POST /v1/nodes/2/actions/maintenance_on", { body: {} });
    await seen(/redis +POST \/v1\/nodes\/2\/actions\/maintenance_on -> 200\n/);
    running.kill("SIGINT");
    const { exitCode, stdout, stderr } = await running;
    assert.match(stdout, /^redis +1 +1 +1\ntcf +0 +0 +0$/m);
    assert.deepEqual([exitCode, stderr], [0, ""]);
  });

  const refused: [string, string[], RegExp][] = [
    ["a system that does not exist", ["solr"], /there is no system "solr": choose among redis, tcf/],
    ["a number of nodes that is none", ["--nodes", "0"], /--nodes is a whole number from 1 to 100, not "0"/],
    ["an unknown flag", ["--ports", "1"], /--ports/],
  ];
  for (const [what, args, message] of refused) {
    it(`refuses ${what}`, async () => {
      const { exitCode, stderr } = await run(...args);
      assert.equal(exitCode, 2);
      assert.match(stderr, message);
    });
  }
});

describe("startAll", () => {
  it("starts all four, and sums up what they were asked", async () => {
    const all = await startAll({ redis: { nodes: 1 } });
    await call(all.aspire.endpoints[0], "GET /aspire/_api/manager/batch?worker=w&type=scan");
    await call(all.factfinder.director.url, "GET /rest/v5/cluster/de/state");
    await call(all.tcf.endpoints[0], "POST /tcf/demote");
    const { connections: _, ...counts } = all.counts();
    assert.deepEqual(counts, { mutating: 2, effects: 2, reads: 1, tokens: 0 });
    await all.close();
    await assert.rejects(call(all.redis.endpoints[0], "GET /v1/nodes"));
  });

  it("leaves none running when one cannot start", async () => {
    const [blocker, free] = [await startRedis(), await startRedis()];
    const [taken, port] = [blocker, free].map((it) => Number(new URL(it.endpoints[0] ?? "").port));
    await free.close();
    await assert.rejects(startAll({ redis: { port }, aspire: { port: taken } }), { code: "EADDRINUSE" });
    await assert.rejects(call(free.endpoints[0], "GET /v1/nodes"));
    await blocker.close();
  });
});
