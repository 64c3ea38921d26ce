import assert from "node:assert/strict";
import type { Properties } from "../rules/door.ts";
import { incompletenessOf, inSync, syncOf, update, withHarness } from "./harness.ts";

const rejected = { ...update, rejection: "Unique value already exists: ArticleNumber=1234" };

describe("DatabaseSync", () => {
  it("sends nothing where all nodes are in sync", () =>
    withHarness("DatabaseSync", {}, async ({ stack, cost, outputs }) => {
      assert.deepEqual(await cost(() => stack.up(syncOf(2))), { mutating: 0, effects: 0 });
      const { databaseVersion, deltaVersion, nodeStates } = outputs();
      assert.deepEqual([databaseVersion, deltaVersion], [41, 7]);
      const versions = { databaseVersion: 41, deltaVersion: 7, deltaErrorCount: 0, inSync: true };
      assert.deepEqual(nodeStates, [
        { node: "worker1", ...versions },
        { node: "worker2", ...versions },
      ]);
    }));

  it("has missing delta updates applied, with one request a node, and then is at rest", () =>
    withHarness("DatabaseSync", { workers: 3 }, async ({ ff, stack, cost, outputs }) => {
      ff.addDeltas("de", [update, update]);
      assert.deepEqual(await cost(() => stack.up(syncOf(3))), { mutating: 3, effects: 3 });
      assert.deepEqual(inSync(ff), [true, true, true]);
      assert.equal(outputs().deltaVersion, 9);
      assert.equal((await cost(() => stack.up(syncOf(3)))).mutating, 0);
    }));

  for (const reload of ["synchronous", "asynchronous"] as const) {
    it(`reloads a node that is outdated, and sees it done: ${reload}`, () =>
      withHarness("DatabaseSync", { reload, reloadMs: 300 }, async ({ ff, stack, cost }) => {
        ff.prune("de");
        assert.deepEqual(await cost(() => stack.up(syncOf(2))), { mutating: 2, effects: 2 });
        assert.deepEqual(inSync(ff), [true, true]);
        assert.equal(await stack.up(syncOf(2)), "same");
      }));
  }

  it("reloads a node that answers 409 to a sync", () =>
    withHarness("DatabaseSync", { workers: 1 }, async ({ ff, stack, cost }) => {
      ff.addDeltas("de", [update]);
      ff.fault({ kind: "status", status: 409, match: { path: /\/de\/database\/sync$/ } });
      assert.deepEqual(await cost(() => stack.up(syncOf(1))), { mutating: 2, effects: 1 });
      assert.match(String(ff.requests.at(-2)?.path), /\/cluster\/database\/sync\/full$/);
    }));

  it("touches only the nodes that are behind", () =>
    withHarness("DatabaseSync", { workers: 3 }, async ({ ff, stack, cost }) => {
      ff.worker(2).setState("de", { deltaVersion: 6 });
      ff.worker(2).setState("en", { databaseVersion: 40 });
      assert.deepEqual(await cost(() => stack.up(syncOf(3))), { mutating: 1, effects: 1 });
      const touched = ff.requests
        .filter(({ mutating }) => mutating)
        .map(({ endpoint, path }) => endpoint + path);
      assert.deepEqual(touched, ["worker2/fact-finder/rest/v5/cluster/de/database/sync"]);
    }));

  it("looks again when triggers change", () =>
    withHarness("DatabaseSync", {}, async ({ ff, stack, cost }) => {
      await stack.up(syncOf(2, { triggers: [41] }));
      ff.prune("de");
      const spent = await cost(async () =>
        assert.equal(await stack.up(syncOf(2, { triggers: [42] })), "update"),
      );
      assert.deepEqual(spent, { mutating: 2, effects: 2 });
    }));

  it("is another one for another channel, and undoes nothing on delete", () =>
    withHarness("DatabaseSync", {}, async ({ ff, stack, cost }) => {
      await stack.up(syncOf(2));
      ff.addDeltas("en", [update]);
      const spent = await cost(async () =>
        assert.equal(await stack.up(syncOf(2, { channel: "en" })), "replace"),
      );
      assert.equal(spent.mutating, 2);
      assert.equal((await cost(() => stack.destroy())).mutating, 0);
    }));

  it("shows drift on refresh as nodes that left the list, and repairs only those", () =>
    withHarness("DatabaseSync", { workers: 3 }, async ({ ff, stack, cost, outputs }) => {
      const inline = { endpoint: ff.worker(3).url };
      const inputs = syncOf(3, { nodes: ["worker1", "worker2", inline] });
      await stack.up(inputs);
      ff.worker(2).setState("de", { databaseVersion: 40 });
      assert.equal((await cost(() => stack.refresh())).mutating, 0);
      assert.deepEqual(stack.state?.inputs.nodes, ["worker1", inline]);
      assert.deepEqual(outputs().nodeStates, [
        { node: "worker1", databaseVersion: 41, deltaVersion: 7, deltaErrorCount: 0, inSync: true },
        { node: "worker2", databaseVersion: 40, deltaVersion: 7, deltaErrorCount: 0, inSync: false },
        { node: inline.endpoint, databaseVersion: 41, deltaVersion: 7, deltaErrorCount: 0, inSync: true },
      ]);
      assert.equal(await stack.preview(inputs), "update");
      assert.deepEqual(await cost(() => stack.up(inputs)), { mutating: 1, effects: 1 });
      await stack.refresh();
      assert.equal(await stack.preview(inputs), "same");
    }));

  it("takes a node that cannot be read for one that has drifted, and says why", () =>
    withHarness("DatabaseSync", {}, async ({ ff, stack, outputs }) => {
      await stack.up(syncOf(2));
      await ff.worker(1).goDown();
      await stack.refresh();
      assert.deepEqual(stack.state?.inputs.nodes, ["worker2"]);
      const [first] = outputs().nodeStates as Properties[];
      assert.equal(first?.inSync, false);
      assert.match(String(first?.problem), /connection refused/);
    }));

  it("does not touch a node that has got there by itself before its turn", () =>
    withHarness("DatabaseSync", {}, async ({ ff, stack, cost }) => {
      ff.addDeltas("de", [update]);
      ff.watch(({ mutating }) => {
        if (mutating) ff.worker(2).setState("de", ff.director.state("de"));
      });
      assert.deepEqual(await cost(() => stack.up(syncOf(2, { maxParallel: 1 }))), {
        mutating: 1,
        effects: 1,
      });
    }));

  for (const follows of [false, true]) {
    it(`is done although the director goes on meanwhile, ${follows ? "and" : "but not"} its worker`, () =>
      withHarness("DatabaseSync", { workers: 1 }, async ({ ff, stack, cost, outputs }) => {
        ff.addDeltas("de", [update]);
        ff.watch(({ mutating }) => {
          if (!mutating) return;
          ff.addDeltas("de", [update]);
          if (follows) ff.worker(1).setState("de", ff.director.state("de"));
        });
        assert.deepEqual(await cost(() => stack.up(syncOf(1))), { mutating: 1, effects: 1 });
        assert.equal((outputs().nodeStates as Properties[])[0]?.inSync, true);
      }));
  }

  it("shows the director's versions as they were last seen", () =>
    withHarness("DatabaseSync", {}, async ({ ff, stack, outputs }) => {
      ff.addDeltas("de", [update]);
      ff.watch(({ endpoint, mutating }) => {
        if (mutating && endpoint === "worker1") ff.addDeltas("de", [update]);
      });
      await stack.up(syncOf(2, { maxParallel: 1 }));
      assert.equal(outputs().deltaVersion, 9);
    }));

  it("sees no drift in nodes that go on with their director while they are looked at", () =>
    withHarness("DatabaseSync", {}, async ({ ff, stack }) => {
      await stack.up(syncOf(2));
      const stop = ff.watch(({ endpoint }) => {
        if (endpoint !== "director") return;
        stop();
        ff.addDeltas("de", [update]);
        for (const worker of ff.workers) worker.setState("de", ff.director.state("de"));
      });
      await stack.refresh();
      assert.equal(await stack.preview(syncOf(2)), "same");
    }));

  describe("names the delta updates that fail inside a 200", () => {
    for (const verbose of [false, true]) {
      it(`with verbose ${verbose}, and goes on with the other nodes`, () =>
        withHarness("DatabaseSync", {}, async ({ ff, session, stack, cost, outputs }) => {
          ff.addDeltas("de", [update, rejected]);
          ff.worker(2).setState("de", { deltaVersion: 9 });
          ff.worker(2).setState("de", { deltaVersion: 8 });
          const spent = await cost(async () => {
            const { message } = await incompletenessOf(stack.up(syncOf(2, { verbose })));
            assert.match(message, /worker1 \(.*\): 1 of 2 delta updates failed: .*FieldConstraintException/);
            assert.match(message, /Unique value already exists: ArticleNumber=1234/);
            assert.equal(/record \{"ArticleNumber":"1234"\}/.test(message), verbose);
            assert.equal(/simulated\.DeltaUpdate/.test(message), verbose);
            assert.equal(/verbose: true shows the records/.test(message), !verbose);
          });
          assert.deepEqual(spent, { mutating: 2, effects: 2 });
          assert.deepEqual(inSync(ff), [true, true]);
          assert.equal((outputs().nodeStates as Properties[])[0]?.deltaErrorCount, 1);
          assert.equal((await cost(() => stack.up(syncOf(2, { verbose })))).mutating, 0);
          assert.match(session.said.warnings.join(), /worker1, channel de: deltaErrorCount is 1/);
        }));
    }
  });
});
