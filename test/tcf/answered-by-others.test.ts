import assert from "node:assert/strict";
import type { FaultKind } from "../../simulators/index.ts";
import { Tables } from "../rules/tables.ts";
import { failureOf, openHarness, wanted } from "./harness.ts";

/*
 * A worker's page knows 200 and 500. What else comes in its place is from something on the way (a login's 401 or 403 may be), and says that
 * nothing was done: with the old side demoted already, giving up would leave no cluster active.
 */

const text = (status: number, body = "", headers = {}): FaultKind => ({
  kind: "status",
  status,
  body,
  headers,
  contentType: "text/plain",
});

const answers: [what: string, kind: FaultKind][] = [
  ["404 of Traefik", text(404, "404 page not found")],
  ["405", text(405)],
  ["410", text(410)],
  ["421", text(421)],
  ["an HTML page with 400", { kind: "html", status: 400 }],
  ["501", text(501)],
  ["507", text(507)],
  ["520", text(520)],
  ["a redirect to itself", { kind: "redirect", location: (path, host) => `http://${host}${path}` }],
  ["a redirect to a stranger", { kind: "redirect", location: "http://stranger.test/", status: 308 }],
  ["a redirect to nowhere", text(307)],
  ["401 of a login on the way", text(401)],
  ["403 of a login on the way", text(403)],
  ["429 and an hour to wait", text(429, "", { "retry-after": "3600" })],
  ["503 and a date to wait for", text(503, "", { "retry-after": "Wed, 21 Oct 2099 07:28:00 GMT" })],
];

const tables = new Tables(12);

describe("a promote after the demote", function () {
  this.timeout(60_000);

  tables.each(
    answers,
    ([what]) => `goes on until it is carried out although something answers with ${what} for two seconds`,
    async ([, kind]) => {
      await using harness = await openHarness("tcf:ActiveCluster");
      harness.tcf.fault({ ...kind, match: { path: "/tcf/promote" }, lasts: 2_000 });
      await harness.stack.up({ ...wanted(), timeout: "60s" });
      assert.deepEqual(harness.tcf.activeNames, ["cluster2"]);
      assert.equal(
        harness.tcf.requests.filter(({ path, effect }) => effect && path === "/tcf/promote").length,
        1,
      );
    },
  );

  tables.each(
    [401, 403],
    (status) => `fails with the worker's own ${status}, once that has stayed for ten seconds`,
    async (status) => {
      await using harness = await openHarness("tcf:ActiveCluster");
      harness.tcf.fault({
        ...text(status),
        match: { path: "/tcf/promote" },
        times: Number.POSITIVE_INFINITY,
      });
      const error = await failureOf(harness.stack.up({ ...wanted(), timeout: "60s" }));
      assert.match(
        error.message,
        new RegExp(`^NO ACTIVE CLUSTER: .*promote cluster2 failed: POST \\S+: ${status}`),
      );
    },
  );
});

describe("a demote", () => {
  for (const status of [401, 403])
    it(`fails at once with ${status}: nothing was done, and one cluster is active`, async () => {
      await using harness = await openHarness("tcf:ActiveCluster");
      harness.tcf.fault({
        ...text(status),
        match: { path: "/tcf/demote" },
        times: Number.POSITIVE_INFINITY,
      });
      const error = await failureOf(harness.stack.up({ ...wanted(), timeout: "60s" }));
      assert.match(error.message, new RegExp(`demote cluster1 failed: POST \\S+: ${status}`));
      const sent = harness.tcf.requests.filter(({ path }) => path === "/tcf/demote");
      assert.equal(sent.length, 1);
      assert.deepEqual(harness.tcf.activeNames, ["cluster1"]);
    });
});
