import assert from "node:assert/strict";
import { inspect } from "node:util";
import type { Properties } from "../rules/door.ts";
import { failureOf, incompletenessOf, update, withHarness } from "./harness.ts";

const verified = { connection: "worker1", channels: ["de", "en"], director: "director" };
const full = { method: "POST", path: /\/database\/sync\/full$/ };

describe("NodeSync", () => {
  it("reloads a node once, all channels, and sees them in sync", () =>
    withHarness(
      "NodeSync",
      { reload: "asynchronous", reloadMs: 300 },
      async ({ ff, stack, cost, outputs }) => {
        ff.prune("de");
        ff.addDeltas("en", [update]);
        assert.deepEqual(await cost(() => stack.up(verified)), { mutating: 1, effects: 1 });
        assert.deepEqual(outputs().channelStates, [
          { channel: "de", databaseVersion: 42, deltaVersion: 0, deltaErrorCount: 0 },
          { channel: "en", databaseVersion: 41, deltaVersion: 8, deltaErrorCount: 0 },
        ]);
        assert.ok(!ff.worker(2).isInSync("de"), "the other node is left alone");
        assert.equal((await cost(() => stack.up(verified))).mutating, 0);
      },
    ));

  it("counts the call's own success without channels", () =>
    withHarness("NodeSync", {}, async ({ ff, stack, cost, outputs }) => {
      ff.prune("de");
      assert.deepEqual(await cost(() => stack.up({ connection: "worker1" })), { mutating: 1, effects: 1 });
      assert.deepEqual(outputs().channelStates, []);
      assert.deepEqual(
        ff.requests.map(({ method }) => method),
        ["POST"],
      );
    }));

  it("runs again when triggers change, not when the director is spelled anew, and forgets on delete", () =>
    withHarness("NodeSync", {}, async ({ ff, stack, cost }) => {
      await stack.up(verified);
      const director = { endpoint: ff.director.url };
      assert.equal((await cost(() => stack.up({ ...verified, director }))).mutating, 0);
      assert.equal((await cost(() => stack.up({ ...verified, triggers: [1] }))).mutating, 1);
      assert.equal((await cost(() => stack.destroy())).mutating, 0);
    }));

  it("goes on waiting when its time ran out during the reload", () =>
    withHarness("NodeSync", { reload: "asynchronous", reloadMs: 600_000 }, async ({ ff, stack, cost }) => {
      ff.prune("de");
      const first = await cost(async () => {
        const { message } = await incompletenessOf(stack.up({ ...verified, timeout: "700ms" }));
        assert.match(
          message,
          /^factfinder node worker1: sync of worker1: not done within the timeout of 700ms/,
        );
        assert.match(message, /channel de: databaseVersion 41 instead of 42, \d+ looks/);
      });
      assert.equal(first.mutating, 1);
      const second = await cost(async () => {
        const up = stack.up(verified);
        setTimeout(() => ff.clock.advance(600_000), 400);
        await up;
      });
      assert.equal(second.mutating, 0);
      assert.equal(await stack.up(verified), "same");
    }));

  for (const fault of [{ kind: "reset" }, { kind: "html" }] as const) {
    it(`is sent again after ${fault.kind} when there is nothing to compare: it does no harm`, () =>
      withHarness("NodeSync", {}, async ({ ff, stack, cost }) => {
        ff.fault({ ...fault, when: "after", match: full });
        assert.equal((await cost(() => stack.up({ connection: "worker1" }))).mutating, 2);
      }));
  }

  for (const [what, fault] of [
    ["504", { kind: "status", status: 504 }],
    ["no answer in time", { kind: "hang" }],
  ] as const) {
    it(`says that the outcome is not known after ${what} when there is nothing to compare: the node may be at it`, () =>
      withHarness(
        "NodeSync",
        {},
        async ({ ff, stack, cost }) => {
          ff.fault({ ...fault, when: "after", match: full });
          const spent = await cost(async () => {
            const { message } = await failureOf(stack.up({ connection: "worker1" }));
            assert.match(
              message,
              /whether the node has synchronised is not known: name channels and director/,
            );
          });
          assert.equal(spent.mutating, 1);
        },
        { requestTimeout: "300ms" },
      ));
  }

  it("tries again where the node was never reached", () =>
    withHarness("NodeSync", {}, async ({ ff, stack, cost }) => {
      ff.fault({ kind: "status", status: 429, match: full });
      assert.equal((await cost(() => stack.up({ connection: "worker1" }))).mutating, 2);
    }));

  it("keeps nothing of a refusal", () =>
    withHarness("NodeSync", {}, async ({ ff, stack, cost }) => {
      ff.fault({ kind: "status", status: 403, match: full });
      const spent = await cost(async () => {
        const { message } = await failureOf(stack.up(verified));
        assert.match(message, /403 .*the role ApiImport/);
      });
      assert.equal(spent.mutating, 1);
      assert.equal(stack.state, undefined);
    }));

  const bad: [inputs: Properties, complaint: RegExp][] = [
    [{ channels: [] }, /^channels: an array must NOT have fewer than 1 items/],
    [{ channels: ["de", ".."] }, /^channels\[1\]: ".." cannot be part of a request path/],
    [{ channels: ["de", "en", "de"] }, /^channels\[2\]: "de" is given twice: it is channels\[0\] too/],
    [{ channels: ["de"], director: undefined }, /^director: is required with channels/],
    [{ channel: "de" }, /^channel: is not an input: did you mean channels\?/],
    [{ connection: "worker9" }, /^connection: no connection "worker9"/],
  ];
  for (const [inputs, complaint] of bad) {
    it(`refuses ${inspect(inputs)}, and sends nothing`, () =>
      withHarness("NodeSync", {}, async ({ ff, stack }) => {
        assert.match((await failureOf(stack.up({ ...verified, ...inputs }))).message, complaint);
        assert.equal(ff.requests.length, 0);
      }));
  }

  it("says in the preview what is behind", () =>
    withHarness("NodeSync", {}, async ({ ff, session, stack, cost }) => {
      const spent = await cost(async () => {
        await stack.preview(verified);
        ff.prune("de");
        await stack.preview({ ...verified, connection: "worker2" });
        await stack.preview({ connection: "worker1" });
        await stack.preview({ connection: "worker1", director: "director" });
      });
      assert.equal(spent.mutating, 0);
      assert.deepEqual(session.said.plans, [
        "sync/full of worker1: channels de, en are in sync already",
        // The director's state of a moment ago is good enough for a preview.
        "sync/full of worker2: channels de, en are in sync already",
        "sync/full of worker1, all channels",
        "sync/full of worker1, all channels",
      ]);
      assert.deepEqual(session.said.warnings, [
        "director without channels: nothing will be compared with it",
      ]);
    }));

  it("refuses an unknown channel in the preview", () =>
    withHarness("NodeSync", {}, async ({ stack }) => {
      const { message } = await failureOf(stack.preview({ ...verified, channels: ["fr"] }));
      assert.match(message, /^channel.*the channel "fr" may not exist there/);
    }));

  it("only warns in the preview when the node is busy", () =>
    withHarness("NodeSync", {}, async ({ ff, session, stack }) => {
      const headers = { "retry-after": "0" };
      ff.fault({ kind: "status", status: 429, headers, times: Number.POSITIVE_INFINITY });
      await stack.preview(verified);
      assert.match(session.said.warnings[0] ?? "", /could not be looked up: .* 429/);
    }));
});
