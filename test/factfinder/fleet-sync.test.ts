import assert from "node:assert/strict";
import type { Properties } from "../rules/door.ts";
import { failureOf, incompletenessOf, inSync, syncOf, update, withHarness } from "./harness.ts";

describe("DatabaseSync of many nodes", () => {
  describe("reloads", () => {
    const slots: [workers: number, maxParallel: number | undefined, atOnce: number][] = [
      [1, undefined, 1],
      [2, undefined, 1],
      [5, undefined, 2],
      [3, 3, 3],
      [3, 9, 3],
    ];
    for (const [workers, maxParallel, atOnce] of slots) {
      it(`${atOnce} of ${workers} nodes at once with maxParallel ${maxParallel}`, () =>
        withHarness("DatabaseSync", { workers, reloadMs: 150 }, async ({ ff, stack, cost }) => {
          ff.prune("de");
          let most = 0;
          const sampler = setInterval(() => {
            most = Math.max(most, ff.workers.filter((worker) => worker.channel("de")?.loading).length);
          }, 5);
          const spent = await cost(() => stack.up(syncOf(workers, { maxParallel })));
          clearInterval(sampler);
          assert.deepEqual(spent, { mutating: workers, effects: workers });
          assert.equal(most, atOnce);
        }));
    }

    it("no more than half of those that answer", () =>
      withHarness("DatabaseSync", { workers: 4, reloadMs: 150 }, async ({ ff, session }) => {
        ff.prune("de");
        await Promise.all([ff.worker(1).goDown(), ff.worker(2).goDown()]);
        let most = 0;
        const sampler = setInterval(() => {
          most = Math.max(most, ff.workers.filter((worker) => worker.channel("de")?.loading).length);
        }, 5);
        await failureOf(session.create(syncOf(4)));
        clearInterval(sampler);
        assert.equal(most, 1);
        assert.deepEqual(inSync(ff), [false, false, true, true]);
      }));

    it("a node once for two channels", () =>
      withHarness("DatabaseSync", {}, async ({ ff, session, cost }) => {
        ff.prune("de");
        ff.prune("en");
        const both = await cost(() =>
          Promise.all([session.create(syncOf(2)), session.create(syncOf(2, { channel: "en" }))]),
        );
        assert.deepEqual(both, { mutating: 2, effects: 2 });
      }));

    it('nothing with reload "never": the node is reported, with its versions', () =>
      withHarness("DatabaseSync", { workers: 1 }, async ({ ff, stack, cost, session }) => {
        ff.prune("de");
        const inputs = syncOf(1, { reload: "never" });
        await stack.preview(inputs);
        const spent = await cost(async () => {
          const { message } = await incompletenessOf(stack.up(inputs));
          assert.match(
            message,
            /1 of 1 nodes are not in sync with director \(databaseVersion 42, deltaVersion 0\)/,
          );
          assert.match(message, /worker1 \(databaseVersion 41, deltaVersion 7\): needs a reload .*"never"/);
        });
        assert.deepEqual(spent, { mutating: 0, effects: 0 });
        assert.match(
          session.said.warnings.join(),
          /worker1 needs a reload of channel de, and reload is "never"/,
        );
      }));
  });

  it("brings four of five nodes in sync when one is down, names that one, and resumes with it alone", () =>
    withHarness("DatabaseSync", { workers: 5 }, async ({ ff, stack, cost, outputs }) => {
      ff.prune("de");
      await ff.worker(3).goDown();
      const first = await cost(async () => {
        const { message } = await incompletenessOf(stack.up(syncOf(5)));
        assert.match(
          message,
          /1 of 5 nodes are not in sync with director \(databaseVersion 42, deltaVersion 0\)/,
        );
        assert.match(message, /worker3 \(versions unknown\): .*connection refused/);
        assert.doesNotMatch(message, /worker1|worker5/);
      });
      assert.deepEqual(first, { mutating: 4, effects: 4 });
      const states = outputs().nodeStates as Properties[];
      assert.deepEqual(
        states.map(({ inSync }) => inSync),
        [true, true, false, true, true],
      );
      await ff.worker(3).comeUp();
      assert.deepEqual(await cost(() => stack.up(syncOf(5))), { mutating: 1, effects: 1 });
      assert.equal(await stack.up(syncOf(5)), "same");
    }));

  it("fails at its deadline when a node stays behind, naming it and its versions, and resumes", () =>
    withHarness("DatabaseSync", {}, async ({ ff, stack, cost }) => {
      ff.addDeltas("de", [update]);
      ff.worker(2).stuck = true;
      const first = await cost(async () => {
        const { message } = await incompletenessOf(stack.up(syncOf(2, { timeout: "900ms" })));
        assert.match(message, /^factfinder channel de: 1 of 2 nodes/);
        assert.match(message, /worker2 \(databaseVersion 41, deltaVersion 7\): .*timeout of 900ms/);
        assert.match(
          message,
          /deltaVersion 7 instead of 8, \d+ looks, waited .*127\.0\.0\.1.*next pulumi up/,
        );
      });
      assert.deepEqual(first, { mutating: 2, effects: 1 });
      ff.worker(2).stuck = false;
      assert.deepEqual(await cost(() => stack.up(syncOf(2))), { mutating: 1, effects: 1 });
    }));

  it("remembers only the reloads whose end it has not seen", () =>
    withHarness("DatabaseSync", {}, async ({ ff, stack, outputs }) => {
      ff.prune("de");
      ff.worker(2).stuck = true;
      await incompletenessOf(stack.up(syncOf(2, { timeout: "900ms" })));
      assert.deepEqual(outputs().__unfinished, { asked: { worker2: 42 } });
    }));

  it("goes on waiting for a reload that an earlier up has asked for", () =>
    withHarness(
      "DatabaseSync",
      { workers: 1, reload: "asynchronous", reloadMs: 600_000 },
      async ({ ff, stack, cost }) => {
        ff.prune("de");
        const first = await cost(() => incompletenessOf(stack.up(syncOf(1, { timeout: "700ms" }))));
        assert.deepEqual(first, { mutating: 1, effects: 1 });
        const second = await cost(async () => {
          const up = stack.up(syncOf(1));
          setTimeout(() => ff.clock.advance(600_000), 400);
          await up;
        });
        assert.equal(second.mutating, 0);
      },
    ));

  it("asks for another reload when the director was pruned again since", () =>
    withHarness(
      "DatabaseSync",
      { workers: 1, reload: "asynchronous", reloadMs: 600_000 },
      async ({ ff, stack, cost }) => {
        ff.prune("de");
        await incompletenessOf(stack.up(syncOf(1, { timeout: "700ms" })));
        ff.prune("de");
        const second = await cost(async () => {
          const up = stack.up(syncOf(1));
          setTimeout(() => ff.clock.advance(600_000), 400);
          await up;
        });
        assert.deepEqual(second, { mutating: 1, effects: 1 });
      },
    ));

  it("is recorded at once when it is cancelled", () =>
    withHarness(
      "DatabaseSync",
      { workers: 3, reload: "asynchronous", reloadMs: 600_000 },
      async ({ ff, session, stack }) => {
        ff.prune("de");
        const up = incompletenessOf(stack.up(syncOf(3)));
        ff.watch(({ effect }) => void (effect && session.cancel?.()));
        assert.match((await up).message, /3 of 3 nodes/);
      },
    ));
});
