import assert from "node:assert/strict";
import type { OptionalField } from "../../simulators/index.ts";
import { failureOf, syncOf, update, withHarness } from "./harness.ts";

const alone = "channel de: compared by databaseVersion alone: ";
const unseen = "; missing delta updates would not show";
const nodeSync = { connection: "worker1", channels: ["de"], director: "director" };

describe("a state in which fields are left out", () => {
  const told: [who: string, omitFieldsOf: Record<string, OptionalField[]>, warning: string][] = [
    ["the director", { director: ["deltaVersion"] }, `${alone}the director tells no deltaVersion${unseen}`],
    ["a worker", { worker1: ["deltaVersion"] }, `${alone}worker1 tells no deltaVersion${unseen}`],
    [
      "both",
      { director: ["deltaVersion"], worker1: ["deltaVersion"] },
      `${alone}the director tells no deltaVersion${unseen}`,
    ],
    [
      "a worker as to its errors",
      { worker1: ["deltaErrorCount"] },
      "channel de: worker1 tells no deltaErrorCount; rejected delta updates would not show",
    ],
  ];
  for (const [who, omitFieldsOf, warning] of told) {
    it(`is compared by what is told, which is said once: DatabaseSync, ${who}`, () =>
      withHarness("DatabaseSync", { omitFieldsOf }, async ({ ff, stack, session, cost, outputs }) => {
        ff.prune("de");
        await stack.preview(syncOf(2));
        assert.deepEqual(session.said.warnings, [warning]);
        assert.deepEqual(await cost(() => stack.up(syncOf(2))), { mutating: 2, effects: 2 });
        assert.ok(ff.workers.every((worker) => worker.isInSync("de")));
        assert.equal(session.said.warnings.filter((said) => said === warning).length, 2, "preview and up");
        assert.equal(outputs().databaseVersion, 42);
        assert.deepEqual(await cost(() => stack.up(syncOf(2))), { mutating: 0, effects: 0 });
      }));

    it(`is compared by what is told, which is said once: NodeSync, ${who}`, () =>
      withHarness("NodeSync", { omitFieldsOf }, async ({ ff, stack, session, cost }) => {
        ff.prune("de");
        await stack.preview(nodeSync);
        assert.deepEqual(session.said.warnings, [warning]);
        assert.deepEqual(await cost(() => stack.up(nodeSync)), { mutating: 1, effects: 1 });
        assert.equal(session.said.warnings.filter((said) => said === warning).length, 2, "preview and up");
      }));
  }

  it("is not in sync without a worker's databaseVersion, and it is said which worker", () =>
    withHarness("DatabaseSync", { omitFieldsOf: { worker2: ["databaseVersion"] } }, async (harness) => {
      const { stack, session, cost, outputs } = harness;
      await stack.preview(syncOf(2));
      const warning = "channel de: worker2 tells no databaseVersion, so it is not seen to be in sync";
      assert.deepEqual(session.said.warnings, [warning]);
      const spent = await cost(async () => {
        const { message } = await failureOf(stack.up(syncOf(2)));
        assert.match(message, /1 of 2 nodes are not in sync with director/);
        assert.match(
          message,
          /worker2 .*: cannot be seen to be in sync: .*databaseVersion unknown instead of 41/,
        );
      });
      assert.ok(session.said.warnings.filter((said) => said === warning).length > 1, "up says it too");
      // What delta updates it may lack are asked for: they are numbered. A reload would be one at every up.
      assert.equal(spent.mutating, 1);
      const states = outputs().nodeStates as { inSync: boolean }[];
      assert.deepEqual(
        states.map(({ inSync }) => inSync),
        [true, false],
      );
    }));

  it("has a worker that tells nothing before it has loaded a database reload, and sees it in sync then", () =>
    withHarness("DatabaseSync", { workers: 1 }, async ({ ff, stack, cost }) => {
      ff.prune("de");
      const match = { method: "GET", endpoint: "worker1" };
      const silence = ff.fault({ kind: "wrongType", value: {}, times: Number.POSITIVE_INFINITY, match });
      const stop = ff.watch(({ path }) => {
        if (path.endsWith("/sync/full")) silence.remove();
      });
      assert.deepEqual(await cost(() => stack.up(syncOf(1))), { mutating: 2, effects: 1 });
      stop();
      assert.ok(ff.worker(1).isInSync("de"));
    }));

  for (const reading of ["preview", "up"] as const) {
    it(`is refused in ${reading} without the director's databaseVersion`, () =>
      withHarness(
        "DatabaseSync",
        { omitFieldsOf: { director: ["databaseVersion"] } },
        async ({ stack, cost }) => {
          const spent = await cost(async () => {
            const { message } = await failureOf(stack[reading](syncOf(2)));
            assert.match(
              message,
              /^director: .*the director director does not tell the databaseVersion of channel de/,
            );
          });
          assert.equal(spent.mutating, 0);
        },
      ));
  }

  it("lets rejected delta updates show in a NodeSync too", () =>
    withHarness("NodeSync", {}, async ({ ff, stack, session }) => {
      ff.addDeltas("de", [{ ...update, rejection: "not unique" }]);
      await stack.up(nodeSync);
      assert.match(session.said.warnings.join(), /worker1, channel de: deltaErrorCount is 1/);
    }));
});

describe("a cluster with useClusterSync", () => {
  it("that moves by itself while it is looked at is no failure", () =>
    withHarness("DatabaseSync", { workers: 3 }, async ({ ff, stack, cost }) => {
      ff.prune("de");
      // Each worker catches up just before its request is dealt with: nothing is left to do, and sync answers [].
      ff.fault({ kind: "delay", ms: 150, times: 3, match: { method: "POST" } });
      const catchingUp = setInterval(() => {
        if (ff.requests.some(({ method }) => method === "POST"))
          for (const worker of ff.workers) worker.setState("de", ff.director.state("de"));
      }, 5);
      const spent = await cost(() => stack.up(syncOf(3)));
      clearInterval(catchingUp);
      assert.ok(spent.mutating >= 1);
      assert.equal(spent.effects, 0);
      assert.equal(await stack.up(syncOf(3)), "same");
    }));

  it("of which a sync finds nothing to apply is waited for", () =>
    withHarness("DatabaseSync", { workers: 1, clusterSyncMs: 600 }, async ({ ff, stack, cost }) => {
      ff.addDeltas("de", [update]);
      const nothing = { kind: "status", status: 200, body: "[]", contentType: "application/json" } as const;
      ff.fault({ ...nothing, times: Number.POSITIVE_INFINITY, match: { method: "POST" } });
      assert.deepEqual(await cost(() => stack.up(syncOf(1))), { mutating: 1, effects: 0 });
      assert.ok(ff.worker(1).isInSync("de"));
    }));
});
