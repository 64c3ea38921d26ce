import assert from "node:assert/strict";
import type { PulumiResult } from "../../scripts/pulumi-process.ts";
import { fingerprint } from "../../simulators/core/log.ts";
import { failed, succeeded } from "../support/pulumi.ts";
import { leaksIn, planted } from "./planted.ts";
import { leaksInFiles, openStage, type ResourceName, type Stage } from "./stage.ts";

/** What a preview refuses at once: each ends the program, so that each has a run of its own. */
const refusals: [ResourceName, RegExp][] = [
  ["unknown", /401 .*credentials were not accepted/],
  ["environment", /401 .*credentials were not accepted/],
  ["forbidden", /403 .*credentials lack a right/],
  ["clientGrant", /no access token: .*401 invalid_client/],
  ["passwordGrant", /no access token: .*400 invalid_grant/],
  ["inUrl", /has a user name or password in the URL/],
  ["wrongType", /connection\.password/],
];

/** What a preview only warns of, and an up then fails at. */
const failures: [ResourceName, RegExp][] = [
  ["echoing", /echoing[\s\S]*500 /],
  ["redirected", /does not belong to this installation/],
  ["unreachable", /unreachable[\s\S]*connection refused/],
  ["badKey", /badKey[\s\S]*redis node 3/],
  ["proxied", /proxied[\s\S]*redis node 3/],
];

/** How the engine tells at -v=9 what goes over its own wire, whoever's secret it is: nothing that a provider can change. */
const enginesOwn =
  /"msg":"(?:Unmarshaling property for RPC\[|Marshaling property for RPC\[|(?:eventSink::Debug\(.{0,20})?RegisterResource RPC finished: )/;

describe("credentials, on the real CLI", function () {
  this.timeout(180_000);
  let stage: Stage;
  const heard: [where: string, text: string][] = [];
  const hear = (what: string, result: PulumiResult) => {
    heard.push([`stdout of ${what}`, result.stdout], [`stderr of ${what}`, result.stderr]);
    return result;
  };
  const envFor = (...only: ResourceName[]) => ({ ...stage.env, ONLY: only.join(",") });

  before(async () => {
    stage = await openStage();
  });
  after(() => stage[Symbol.asyncDispose]());

  it("do their work, from stack config and inline", async () => {
    hear("up", succeeded(await stage.project.up({ env: envFor("configured", "inline") })));
  });

  it("are rotated without any request that changes something, where stack config holds them without any change", async () => {
    stage.good.resetCounts();
    await stage.project.setConfig({}, { "clusterops:connections.redis.password": planted.rotated });
    const env = { ...envFor("configured", "inline"), INLINE: planted.rotated };
    const { resources } = hear("rotation", succeeded(await stage.project.up({ env })));
    assert.deepEqual(resources, { updated: 1, unchanged: 2 });
    assert.equal(stage.good.counts().mutating, 0);
  });

  it("are refused when they are wrong", async () => {
    const runs = refusals.map(async ([name, why]) => {
      failed(hear(name, await stage.project.preview({ env: envFor(name) })), why);
    });
    await Promise.all(runs);
  });

  it("go nowhere when a server fails, echoes them, redirects, or is out of reach", async () => {
    const env = envFor("configured", "inline", ...failures.map(([name]) => name));
    const args = ["--continue-on-error", "-v=9", "--logtostderr"];
    const result = failed(await stage.project.up({ env, args }), /error/);
    for (const [, why] of failures) assert.match(result.stdout, why);
    const lines = result.stderr.split("\n");
    const own = lines.filter((line) => enginesOwn.test(line)).join("\n");
    // Should the engine learn to be silent, SECURITY.md has to be told.
    assert.notDeepEqual(leaksIn("the engine's own lines", own), []);
    hear("failures", { ...result, stderr: lines.filter((line) => !enginesOwn.test(line)).join("\n") });
  });

  it("are nowhere in clear: no output, state, history, backup or log", async () => {
    hear("export", await stage.project.run(["stack", "export"]));
    assert.deepEqual(
      heard.flatMap(([where, text]) => leaksIn(where, text)),
      [],
    );
    const { leaks, files } = await leaksInFiles(stage.project.root);
    for (const kind of ["stacks", "history", "backups", "home/logs"]) {
      assert.ok(
        files.some((file) => file.includes(kind)),
        `there are ${kind}`,
      );
    }
    assert.deepEqual(leaks, []);
    // They are there, though: encrypted.
    const shown = JSON.stringify(await stage.project.export({ showSecrets: true }));
    assert.ok(shown.includes(planted.inlinePassword) || shown.includes(planted.rotated));
  });

  it("never reached the foreign host", () => {
    const log = JSON.stringify(stage.foreign.requests);
    assert.deepEqual(leaksIn("the foreign host's log", log), []);
    for (const secret of Object.values(planted)) assert.ok(!log.includes(fingerprint(secret)));
    assert.equal(stage.foreign.requests.length, 0);
  });
});
