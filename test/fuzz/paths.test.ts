import assert from "node:assert/strict";
import fc from "fast-check";
import { ClusteropsError } from "../../provider/core/data/errors.ts";
import { directDoor, type Properties } from "../rules/door.ts";
import { withHarness } from "../rules/resource-case.ts";
import { cases } from "../rules/rules.ts";
import { clientCalls, openWith } from "./calls.ts";

/** What might lead a request elsewhere if it got into its path as it is. */
const hostileIds = [
  "../nodes",
  "..",
  ".",
  "",
  "a/../../b",
  "%2f..%2f",
  "%2e%2e",
  "a%00b",
  "a\u0000b",
  "a\r\nX-Injected: 1",
  "a?b=c",
  "a#b",
  "a;b",
  "a\\b",
  "//evil.test/a",
  "http://evil.test/",
  "@evil.test",
  "\ud800",
  "a\udc00b",
  "\u202e",
  " ",
  "x".repeat(10_000),
  "é".repeat(10_000),
];
const hostile = fc.oneof(fc.constantFrom(...hostileIds), fc.string({ unit: "binary", maxLength: 30 }));

/** A path with the id's place marked: it must take exactly one segment, and be the id again once decoded. */
function templateOf(path: string, id: string): string {
  const steps = path.split("/").map((step) => {
    try {
      return step !== "" && decodeURIComponent(step) === id ? "{id}" : step;
    } catch {
      return step;
    }
  });
  return steps.join("/");
}

describe("an id, however hostile", () => {
  for (const call of clientCalls.filter(({ hasNoId }) => !hasNoId)) {
    it(`leaves the path of ${call.system.name}'s ${call.name} as it is`, async () => {
      const pathsFor = async (id: string): Promise<string[]> => {
        const urls: string[] = [];
        const http = openWith(call, async ({ url }) => {
          urls.push(url);
          return { status: 200, headers: {}, text: JSON.stringify(call.good) };
        });
        const failure = await (async () => call.send(http, id))().catch((error: unknown) => error);
        if (failure instanceof Error) assert.ok(failure instanceof ClusteropsError, failure.stack);
        // As the URL is understood on the way: dots resolved, backslashes turned.
        return urls.map((url) => templateOf(new URL(url).pathname, id));
      };
      const [expected] = await pathsFor("harmless");
      assert.match(expected ?? "", /\{id\}/);
      await fc.assert(
        fc.asyncProperty(hostile, async (id) => {
          for (const path of await pathsFor(id)) assert.equal(path, expected);
        }),
        { seed: 1, numRuns: 300, examples: hostileIds.map((id) => [id]) },
      );
    });
  }

  /** Inputs that are ids, and come from users. */
  const given: [type: string, inputs: (id: string) => Properties][] = [
    ["aspire:SeedRelease", (id) => ({ seedIds: [id] })],
    ["aspire:WorkerRelease", (id) => ({ workerIds: [id] })],
    ["aspire:BatchAcknowledgement", (id) => ({ batchIds: [id] })],
    ["aspire:SeedThrottle", (id) => ({ seedId: id })],
    ["aspire:CrawlFailure", (id) => ({ seedId: id })],
    ["factfinder:DatabasePrune", (id) => ({ channel: id })],
    ["factfinder:DatabaseSync", (id) => ({ channel: id })],
    ["factfinder:NodeSync", (id) => ({ channels: [id] })],
    ["redis:NodeAction", (id) => ({ action: id })],
  ];
  for (const [type, inputs] of given) {
    const resource = cases.find((candidate) => candidate.type === type) as (typeof cases)[number];
    it(`reaches the server of ${type} encoded, or not at all`, () =>
      withHarness(directDoor, resource, async ({ stack, session, simulator, good }) => {
        const pathsOf = async (id: string) => {
          const before = simulator.requests.length;
          const wanted = { ...good, ...inputs(id), timeout: "2s" };
          // The check first, and the work itself even where the check has seen that it cannot be.
          await stack.up(wanted).catch(() => undefined);
          await session.create(wanted).catch(() => undefined);
          stack.state = undefined;
          return simulator.requests
            .slice(before)
            .map(({ method, path }) => `${method} ${templateOf(path, id)}`);
        };
        // Aspire takes an id with a slash in the body.
        const known = new Set([...(await pathsOf("harmless")), ...(await pathsOf("harm/less"))]);
        assert.ok(known.size > 0);
        for (const id of hostileIds) {
          for (const path of await pathsOf(id)) assert.ok(known.has(path), path.slice(0, 200));
        }
        assert.equal(simulator.requests.filter(({ headers }) => headers["x-injected"]).length, 0);
      }));
  }
});
