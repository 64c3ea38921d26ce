import assert from "node:assert/strict";
import type { PulumiResult } from "../../scripts/pulumi-process.ts";
import { fingerprint } from "../../simulators/core/log.ts";
import { failed, succeeded } from "../support/pulumi.ts";
import { canaries, leaksIn } from "./canaries.ts";
import { type Harness, leaksInFiles, openHarness, type ResourceName } from "./harness.ts";

/** What a preview refuses at once: each ends the program, so that each has a run of its own. */
const refusals: [ResourceName, RegExp][] = [
  ["unknown", /401 .*credentials were not accepted/],
  ["environment", /401 .*credentials were not accepted/],
  ["forbidden", /403 .*credentials lack a right/],
  ["clientGrant", /no access token: .*401 invalid_client/],
  ["passwordGrant", /no access token: .*400 invalid_grant/],
  ["inUrl", /has a user name or password in the URL/],
  ["badKey", /connection\.clientCert[\s\S]*is cut off/],
  ["wrongType", /connection\.password/],
];

/** What a preview only warns of, and an up then fails at. */
const failures: [ResourceName, RegExp][] = [
  ["echoing", /echoing[\s\S]*500 /],
  ["redirected", /does not belong to this installation/],
  ["unreachable", /unreachable[\s\S]*connection refused/],
  ["proxied", /proxied[\s\S]*redis node 3/],
];

/** The lines in which the engine at -v=9 logs its own RPC, secrets included: no provider can change that. */
const engineRpcLine =
  /"msg":"(?:Unmarshaling property for RPC\[|Marshaling property for RPC\[|(?:eventSink::Debug\(.{0,20})?RegisterResource RPC finished: )/;

describe("credentials, on the real CLI", function () {
  this.timeout(180_000);
  let harness: Harness;
  const outputs: [where: string, text: string][] = [];
  const record = (what: string, result: PulumiResult) => {
    outputs.push([`stdout of ${what}`, result.stdout], [`stderr of ${what}`, result.stderr]);
    return result;
  };
  const envFor = (...only: ResourceName[]) => ({ ...harness.env, ONLY: only.join(",") });

  before(async () => {
    harness = await openHarness();
  });
  after(() => harness[Symbol.asyncDispose]());

  const good = ["configured", "inline", "rightEnvironment"] as const;

  it("do their work, from stack config, inline and from the environment", async () => {
    const env = { ...envFor(...good), CLUSTEROPS_ENVIRONMENT_PASSWORD: canaries.inlinePassword };
    record("up", succeeded(await harness.project.up({ env, args: ["--diff"] })));
  });

  it("are rotated without any request that changes something, where stack config holds them without any change", async () => {
    harness.good.resetCounts();
    await harness.project.setConfig({}, { "clusterops:connections.redis.password": canaries.rotated });
    const env = { ...envFor(...good), INLINE: canaries.rotated };
    const { resources } = record("rotation", succeeded(await harness.project.up({ env, args: ["--diff"] })));
    assert.deepEqual(resources, { updated: 1, unchanged: 3 });
    assert.equal(harness.good.counts().mutating, 0);
  });

  it("are refused when they are wrong", async () => {
    const runs = refusals.map(async ([name, why]) => {
      failed(record(name, await harness.project.preview({ env: envFor(name) })), why);
    });
    await Promise.all(runs);
  });

  it("go nowhere when a server fails, echoes them, redirects, or is out of reach", async () => {
    const env = envFor(...good, ...failures.map(([name]) => name));
    const args = ["--continue-on-error", "-v=9", "--logtostderr"];
    const result = failed(await harness.project.up({ env, args }), /error/);
    for (const [, why] of failures) assert.match(result.stdout, why);
    const lines = result.stderr.split("\n");
    const own = lines.filter((line) => engineRpcLine.test(line)).join("\n");
    // Once the engine no longer logs them, SECURITY.md has to be changed.
    assert.notDeepEqual(leaksIn("the engine's own lines", own), []);
    record("failures", { ...result, stderr: lines.filter((line) => !engineRpcLine.test(line)).join("\n") });
  });

  it("are nowhere in clear: no output, state, history, backup or log", async () => {
    record("refresh", await harness.project.refresh({ env: envFor(...good) }));
    record("export", await harness.project.run(["stack", "export"]));
    assert.deepEqual(
      outputs.flatMap(([where, text]) => leaksIn(where, text)),
      [],
    );
    const { leaks, files } = await leaksInFiles(harness.project.root);
    for (const kind of ["stacks", "history", "backups", "home/logs"]) {
      assert.ok(
        files.some((file) => file.includes(kind)),
        `there are ${kind}`,
      );
    }
    assert.deepEqual(leaks, []);
    // They are there, though: encrypted.
    const shown = JSON.stringify(await harness.project.export({ showSecrets: true }));
    assert.ok(shown.includes(canaries.inlinePassword) || shown.includes(canaries.rotated));
  });

  it("never reached the foreign host", () => {
    const log = JSON.stringify(harness.foreign.requests);
    assert.deepEqual(leaksIn("the foreign host's log", log), []);
    for (const secret of Object.values(canaries)) assert.ok(!log.includes(fingerprint(secret)));
    assert.equal(harness.foreign.requests.length, 0);
  });
});
