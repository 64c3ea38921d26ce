import assert from "node:assert/strict";
import { inspect } from "node:util";
import { unknown } from "../../provider/core/data/unknown.ts";
import type { FactFinderOptions } from "../../simulators/index.ts";
import type { Properties } from "../rules/door.ts";
import { failureOf, syncOf, update, withHarness } from "./harness.ts";

describe("the inputs of a DatabaseSync", () => {
  const bad: [inputs: Properties, complaint: RegExp][] = [
    [{ channel: undefined }, /^channel: is required/],
    [{ channel: "" }, /^channel: "" must NOT have fewer than 1 characters/],
    [{ channel: " " }, /^channel: " " is empty: it is no channel's name/],
    [{ channel: ".." }, /^channel: ".." cannot be part of a request path: it is no channel's name/],
    [{ channel: "\ud800" }, /^channel: "\\ud800" is not valid Unicode text/],
    [{ channel: "de/at" }, /^channel: "de\/at" holds "\/", which servers refuse in a path/],
    [{ channel: "50%" }, /^channel: "50%" holds "%", which servers refuse/],
    [{ channel: "x".repeat(5_000) }, /^channel: "x{97}..." is too long for a request path/],
    [{ director: undefined }, /^director: is required/],
    [{ nodes: undefined }, /^nodes: is required/],
    [{ nodes: [] }, /^nodes: an array must NOT have fewer than 1 items/],
    [{ nodes: "worker1" }, /^nodes: "worker1" is not an array/],
    [{ nodes: ["worker1", "worker2", "worker1"] }, /^nodes\[2\]: is the same node as nodes\[0\]/],
    [{ nodes: ["worker9"] }, /^nodes\[0\]: no connection "worker9" is configured/],
    [{ nodes: [{ endpoint: "ftp://worker" }] }, /^nodes\[0\]\.endpoint: .*write https:/],
    [{ nodes: [{ endpoint: "http://u:p@worker" }] }, /^nodes\[0\]\.endpoint: has a user name or password/],
    [{ director: "boss" }, /^director: no connection "boss"/],
    [{ reload: "always" }, /^reload: "always" is not one of "never", "ifNeeded"/],
    [{ verbose: "yes" }, /^verbose: "yes" is not a boolean/],
    [{ maxParallel: 0 }, /^maxParallel: 0 must be >= 1/],
    [{ maxParallel: 1.5 }, /^maxParallel: 1.5 is not an integer/],
    [{ connection: "director" }, /^connection: is not an input/],
    [{ node: ["worker1"] }, /^node: is not an input: did you mean nodes\?/],
    [{ timeout: "soon" }, /^timeout: "soon" is not a duration/],
  ];
  for (const [inputs, complaint] of bad) {
    it(`are refused with ${inspect(inputs)}, and nothing is sent`, () =>
      withHarness("DatabaseSync", {}, async ({ ff, stack }) => {
        const { message } = await failureOf(stack.up(syncOf(2, inputs)));
        assert.match(message, complaint);
        assert.equal(ff.requests.length, 0);
      }));
  }

  it("are completed with the documented defaults", () =>
    withHarness("DatabaseSync", {}, async ({ session }) => {
      const { inputs } = await session.check(undefined, syncOf(2), true);
      assert.deepEqual([inputs.reload, inputs.verbose, inputs.maxParallel], ["ifNeeded", false, undefined]);
    }));

  it("may spell nodes anew: nothing is sent", () =>
    withHarness("DatabaseSync", {}, async ({ ff, stack, cost }) => {
      await stack.up(syncOf(2));
      const nodes = ff.workers.map(({ url }) => ({ endpoint: url }));
      const spent = await cost(() => stack.up(syncOf(2, { nodes, director: { endpoint: ff.director.url } })));
      assert.equal(spent.mutating, 0);
    }));
});

describe("the preview of a DatabaseSync", () => {
  it("says which nodes are behind, and by what", () =>
    withHarness("DatabaseSync", { workers: 4 }, async ({ ff, session, stack, cost }) => {
      ff.addDeltas("de", [update]);
      ff.worker(1).setState("de", { databaseVersion: 40 });
      ff.worker(3).setState("de", { deltaVersion: 8 });
      assert.equal((await cost(() => stack.preview(syncOf(4)))).mutating, 0);
      assert.deepEqual(session.said.plans, [
        "channel de: sync with director (databaseVersion 41, deltaVersion 8) worker1 (databaseVersion 40 instead of 41: reload), " +
          "worker2 (deltaVersion 7 instead of 8), worker4 (deltaVersion 7 instead of 8); at most 2 at a time; a node with useClusterSync may get there by itself",
      ]);
    }));

  it("says that there is nothing to do", () =>
    withHarness("DatabaseSync", {}, async ({ session, stack }) => {
      await stack.preview(syncOf(2));
      assert.deepEqual(session.said.plans, [
        "channel de: 2 of 2 nodes are in sync with director (databaseVersion 41, deltaVersion 7)",
      ]);
    }));

  it("warns of a node that is down, and of one that has several addresses", () =>
    withHarness("DatabaseSync", {}, async ({ ff, session, stack }) => {
      await ff.worker(1).goDown();
      const balanced = { endpoints: [ff.worker(2).url, ff.director.url] };
      await stack.preview(syncOf(2, { nodes: ["worker1", balanced] }));
      const [down, several] = session.said.warnings;
      assert.match(
        String(down),
        /worker1 cannot be read, so it cannot be synchronised: .*connection refused/,
      );
      assert.match(String(several), /has several endpoints: they must all be the same node/);
    }));

  it("warns where director and worker seem to be swapped: no worker is ahead of its director", () =>
    withHarness("DatabaseSync", {}, async ({ ff, session, stack }) => {
      ff.worker(1).setState("de", { databaseVersion: 40 });
      await stack.preview(syncOf(2, { director: "worker1", nodes: ["director", "worker1"] }));
      assert.deepEqual(session.said.warnings, [
        "channel de: director has databaseVersion 41, the director only 40, and no worker is ahead of its director: are the two swapped?",
        "nodes[1] is the director itself, which is never behind itself",
      ]);
    }));

  it("warns of no swap where a node is only behind, or ahead by delta updates", () =>
    withHarness("DatabaseSync", {}, async ({ ff, session, stack }) => {
      ff.worker(1).setState("de", { databaseVersion: 40, deltaVersion: 9 });
      ff.worker(2).setState("de", { deltaVersion: 9 });
      await stack.preview(syncOf(2));
      assert.doesNotMatch(session.said.warnings.join(), /swapped|itself/);
    }));

  it("warns when the director is down, and up fails with what it tried", function () {
    // The port that is free now may be taken by another test.
    this.retries(2);
    return withHarness("DatabaseSync", {}, async ({ ff, session, stack, cost }) => {
      await ff.director.goDown();
      await stack.preview(syncOf(2));
      assert.match(session.said.warnings.join(), /what would happen could not be looked up: .*refused/);
      const spent = await cost(async () => {
        const { message } = await failureOf(session.create(syncOf(2)));
        assert.match(
          message,
          new RegExp(`^factfinder channel de: GET ${ff.director.url}/.*connection refused`),
        );
      });
      assert.equal(spent.mutating, 0);
    });
  });

  it("tells which nodes it will look at once a prune that it waits for has come", () =>
    withHarness("DatabaseSync", {}, async ({ stack, session }) => {
      await stack.preview(syncOf(2, { triggers: [unknown] }));
      assert.deepEqual(session.said.plans, [
        "channel de: sync worker1, worker2 with what director will have by then (now databaseVersion 41, deltaVersion 7); at most 1 at a time",
      ]);
    }));

  for (const unknownChannelStatus of [400, 403] as const) {
    it(`refuses an unknown channel that the server answers with ${unknownChannelStatus}`, () =>
      withHarness("DatabaseSync", { unknownChannelStatus }, async ({ ff, stack }) => {
        const property = unknownChannelStatus === 400 ? "channel" : "director";
        const complaint = new RegExp(`^${property}: .*the channel "fr" may not exist there`);
        assert.match((await failureOf(stack.preview(syncOf(2, { channel: "fr" })))).message, complaint);
        assert.equal(ff.counts().mutating, 0);
      }));
  }
});

describe("what a node leaves out of its state", () => {
  const omitted: [FactFinderOptions["omitFields"], RegExp][] = [
    [["databaseVersion"], /the director director does not tell the databaseVersion of channel de/],
    [["databaseVersion", "deltaVersion"], /does not tell the databaseVersion of channel de/],
  ];
  for (const [omitFields, complaint] of omitted) {
    it(`is unknown: without the director's ${omitFields?.join(", ")} nothing is compared`, () =>
      withHarness("DatabaseSync", { omitFields }, async ({ session, cost }) => {
        const spent = await cost(() => assert.rejects(session.create(syncOf(2)), complaint));
        assert.equal(spent.mutating, 0);
      }));
  }

  it("is not missed where it is the error count", () =>
    withHarness("DatabaseSync", { omitFields: ["deltaErrorCount"] }, async ({ stack, outputs }) => {
      await stack.up(syncOf(1));
      assert.deepEqual(outputs().nodeStates, [
        { node: "worker1", databaseVersion: 41, deltaVersion: 7, inSync: true },
      ]);
    }));
});
