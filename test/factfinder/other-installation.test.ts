import assert from "node:assert/strict";
import type { Connection } from "../../provider/index.ts";
import { type FactFinderSimulator, startFactFinder } from "../../simulators/index.ts";
import { directDoor, type Properties, type Session } from "../rules/door.ts";
import { Stack } from "../rules/stack.ts";
import { syncOf } from "./harness.ts";

/** Two clusters that have nothing in common but their shape, and one stack that knows both. */
interface Two {
  a: FactFinderSimulator;
  b: FactFinderSimulator;
  session: Session;
  stack: Stack;
  /** The same stack with other connections under the same names. */
  reconnect(connections: Record<string, Connection>): Promise<void>;
}

async function onTwo(type: string, run: (two: Two) => Promise<void>): Promise<void> {
  await using a = await startFactFinder({ workers: 1, reloadMs: 20 });
  await using b = await startFactFinder({ workers: 1, reloadMs: 20 });
  const connections = {
    "a-director": { endpoint: a.director.url },
    "a-worker1": { endpoint: a.worker(1).url },
    "b-director": { endpoint: b.director.url },
    "b-worker1": { endpoint: b.worker(1).url },
    // Spellings of the same.
    "a-again": { endpoint: a.director.url.replace("127.0.0.1", "localhost") },
    "a-more": { endpoints: [a.director.url, a.director.url.replace("127.0.0.1", "localhost")] },
  };
  const open = (more: Record<string, Connection> = {}) =>
    directDoor.open(`factfinder:${type}`, { ...connections, ...more });
  const session = await open();
  const two: Two = {
    a,
    b,
    session,
    stack: new Stack(session),
    async reconnect(more) {
      const { state } = two.stack;
      two.session = await open(more);
      two.stack = new Stack(two.session);
      two.stack.state = state;
    },
  };
  await run(two);
}

const runs: [type: string, inputs: Properties, from: string, to: string][] = [
  ["NodeSync", {}, "a-worker1", "b-worker1"],
  ["NodeSync", { channels: ["de"], director: "b-director" }, "a-worker1", "b-worker1"],
  ["ConfigVersionReset", {}, "a-worker1", "b-worker1"],
];

describe("a connection that leads to another FACT-Finder", () => {
  for (const [type, inputs, from, to] of runs) {
    const what = `${type}${inputs.channels ? " with channels" : ""}`;
    it(`makes a ${what} run there`, () =>
      onTwo(type, async ({ a, b, stack }) => {
        b.prune("de");
        a.prune("de");
        const director = inputs.director ? { director: "a-director" } : {};
        await stack.up({ ...inputs, ...director, connection: from });
        a.resetCounts();
        const step = await stack.up({ ...inputs, connection: to });
        assert.notEqual(step, "same");
        assert.deepEqual([a.counts().mutating, b.counts().mutating], [0, 1]);
        assert.deepEqual([a.counts().mutating, await stack.up({ ...inputs, connection: to })], [0, "same"]);
        assert.equal(b.counts().mutating, 1);
      }));

    it(`is announced by the preview of a ${what}`, () =>
      onTwo(type, async ({ b, stack, session }) => {
        const director = inputs.director ? { director: "a-director" } : {};
        await stack.up({ ...inputs, ...director, connection: from });
        await stack.preview({ ...inputs, connection: to });
        assert.match(session.said.warnings.join(), /connection.* another installation.*: it runs there/);
        assert.match(session.said.plans.join(), type === "NodeSync" ? /sync\/full/ : /reset config version/);
        assert.equal(b.counts().mutating, 0);
      }));
  }

  it("makes a DatabasePrune refuse in preview and up, until triggers say that it is meant", () =>
    onTwo("DatabasePrune", async ({ b, stack, session }) => {
      await stack.up({ channel: "de", connection: "a-director" });
      const moved = { channel: "de", connection: "b-director" };
      const refused = (error: unknown) => {
        assert.match(String(error), /connection .*another installation.*: change triggers to run it there/);
        return true;
      };
      await assert.rejects(stack.preview(moved), refused);
      await assert.rejects(stack.up(moved), refused);
      assert.equal(b.counts().mutating, 0);
      const meant = { ...moved, triggers: ["b"] };
      await stack.preview(meant);
      assert.match(session.said.plans.join(), /prune channel de: databaseVersion 41 -> 42/);
      await stack.up(meant);
      assert.equal(b.director.state("de").databaseVersion, 42);
      assert.equal(await stack.up(meant), "same");
    }));

  it("lets no handle of the first be waited for: a DatabasePrune", () =>
    onTwo("DatabasePrune", async ({ a, b, stack }) => {
      // The director of a has pruned or not: nobody knows.
      a.fault({ kind: "hang", match: { method: "POST" } });
      const inputs = { channel: "de", timeout: "1s" };
      await assert.rejects(stack.up({ ...inputs, connection: "a-director" }));
      const moved = { channel: "de", connection: "b-director", triggers: ["b"] };
      await stack.up(moved);
      assert.deepEqual([b.counts().mutating, b.director.state("de").databaseVersion], [1, 42]);
      assert.equal(stack.state?.outputs.databaseVersionBefore, 41);
    }));

  it("lets no handle of the first be waited for: a DatabaseSync", () =>
    onTwo("DatabaseSync", async (two) => {
      const { a, b } = two;
      a.prune("de");
      b.prune("de");
      const one = {
        "the-director": { endpoint: a.director.url },
        "the-worker": { endpoint: a.worker(1).url },
      };
      await two.reconnect(one);
      a.fault({ kind: "hang", match: { method: "POST" } });
      const inputs = { channel: "de", director: "the-director", nodes: ["the-worker"] };
      await assert.rejects(two.stack.up({ ...inputs, timeout: "1s" }));
      await two.reconnect({
        "the-director": { endpoint: b.director.url },
        "the-worker": { endpoint: b.worker(1).url },
      });
      await two.stack.up({ ...inputs, timeout: "8s" });
      const [request] = b.requests.filter(({ mutating }) => mutating);
      const before = b.requests.filter((read) => !read.mutating && request && read.at < request.at);
      assert.ok(before.length < 10, `${before.length} looks before the reload was asked for`);
    }));

  it("makes a DatabaseSync follow its new director", () =>
    onTwo("DatabaseSync", async ({ a, b, stack }) => {
      const inputs = { ...syncOf(1), director: "a-director", nodes: ["a-worker1"] };
      await stack.up(inputs);
      b.prune("de");
      await stack.up({ ...inputs, director: "b-director", nodes: ["b-worker1"] });
      assert.deepEqual([a.counts().mutating, b.counts().mutating], [0, 1]);
      assert.equal(b.worker(1).state("de").databaseVersion, 42);
      assert.equal(stack.state?.outputs.databaseVersion, 42);
    }));
});

describe("another spelling of the same FACT-Finder", () => {
  for (const type of ["NodeSync", "ConfigVersionReset", "DatabasePrune"]) {
    for (const spelling of ["a-again", "a-more", "inline"]) {
      it(`runs no ${type} again: ${spelling}`, () =>
        onTwo(type, async ({ a, stack }) => {
          const inputs = type === "DatabasePrune" ? { channel: "de" } : {};
          await stack.up({ ...inputs, connection: "a-director" });
          a.resetCounts();
          const connection = spelling === "inline" ? { endpoint: a.director.url } : spelling;
          await stack.preview({ ...inputs, connection });
          await stack.up({ ...inputs, connection });
          assert.equal(a.counts().mutating, 0);
        }));
    }
  }
});
