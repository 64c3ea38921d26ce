import assert from "node:assert/strict";
import { lifecycle } from "../../provider/index.ts";
import type { FactFinderOptions, Fault } from "../../simulators/index.ts";
import { Tables } from "../rules/together.ts";
import { contextFor } from "../support/context.ts";
import { failureOf, incompletenessOf, onStage } from "./stage.ts";

const prune = { method: "POST", path: /\/database\/prune$/ };
const state = { method: "GET", path: /\/database\/state$/ };
const de = { channel: "de" };

describe("DatabasePrune", () => {
  it("raises the director's databaseVersion once, and not again", () =>
    onStage("DatabasePrune", {}, async ({ ff, stack, cost, outputs }) => {
      assert.deepEqual(await cost(() => stack.up(de)), { mutating: 1, effects: 1 });
      const { databaseVersionBefore, databaseVersion, deltaVersion } = outputs();
      assert.deepEqual([databaseVersionBefore, databaseVersion, deltaVersion], [41, 42, 0]);
      assert.equal(ff.director.state("de").databaseVersion, 42);
      assert.equal(ff.director.state("en").databaseVersion, 41);
      assert.deepEqual(await cost(() => stack.up(de)), { mutating: 0, effects: 0 });
    }));

  it("runs again in place when triggers change, and forgets on delete", () =>
    onStage("DatabasePrune", {}, async ({ ff, stack, cost, outputs }) => {
      await stack.up({ ...de, triggers: ["monday"] });
      const again = await cost(async () =>
        assert.equal(await stack.up({ ...de, triggers: ["tuesday"] }), "update"),
      );
      assert.equal(again.mutating, 1);
      assert.equal(outputs().databaseVersionBefore, 42);
      assert.equal(ff.director.state("de").databaseVersion, 43);
      assert.equal((await cost(() => stack.destroy())).mutating, 0);
    }));

  it("is not run again by another spelling of its connection", () =>
    onStage("DatabasePrune", {}, async ({ ff, stack, cost }) => {
      await stack.up(de);
      const inline = { ...de, connection: { endpoint: ff.director.url } };
      assert.equal((await cost(() => stack.up(inline))).mutating, 0);
    }));

  const bodies: FactFinderOptions["stringBody"][] = ["json", "plain", "empty"];
  for (const stringBody of bodies) {
    it(`believes the version whatever the answer is: ${stringBody}`, () =>
      onStage("DatabasePrune", { stringBody }, async ({ stack, cost, outputs }) => {
        assert.equal((await cost(() => stack.up(de))).mutating, 1);
        assert.equal(outputs().databaseVersion, 42);
      }));
  }

  describe("with ifDatabaseVersion", () => {
    it("prunes at this version", () =>
      onStage("DatabasePrune", {}, async ({ stack, cost, outputs }) => {
        const inputs = { ...de, ifDatabaseVersion: 41 };
        assert.equal((await cost(() => stack.up(inputs))).mutating, 1);
        assert.equal(outputs().databaseVersion, 42);
      }));

    it("counts as done past it, and shows the present version", () =>
      onStage("DatabasePrune", { databaseVersion: 50 }, async ({ session, stack, cost, outputs }) => {
        const inputs = { ...de, ifDatabaseVersion: 41 };
        assert.equal((await cost(() => stack.preview(inputs))).mutating, 0);
        assert.match(
          session.said.warnings.join(),
          /databaseVersion 50 is past ifDatabaseVersion 41: nothing/,
        );
        assert.equal((await cost(() => stack.up(inputs))).mutating, 0);
        assert.deepEqual([outputs().databaseVersionBefore, outputs().databaseVersion], [50, 50]);
        assert.equal(await stack.up(inputs), "same");
      }));

    it("is refused before it", () =>
      onStage("DatabasePrune", {}, async ({ stack, session, cost }) => {
        const refused = /ifDatabaseVersion: the director's databaseVersion is 41, below ifDatabaseVersion 42/;
        const inputs = { ...de, ifDatabaseVersion: 42 };
        assert.equal((await cost(() => assert.rejects(stack.up(inputs), refused))).mutating, 0);
        assert.equal((await cost(() => assert.rejects(session.create(inputs), /below/))).mutating, 0);
      }));
  });

  describe("when the answer is lost", () => {
    type Loss = [what: string, fault: Fault, sent: number];
    const losses: Loss[] = [
      ["reset before it was handled", { kind: "reset" }, 2],
      ["reset afterwards", { kind: "reset", when: "after" }, 1],
      ["500 before", { kind: "status", status: 500 }, 2],
      ["500 afterwards", { kind: "status", status: 500, when: "after" }, 1],
      ["503 twice before", { kind: "status", status: 503, times: 2 }, 3],
      ["504 afterwards", { kind: "status", status: 504, when: "after" }, 1],
      ["no answer, but carried out", { kind: "hang", when: "after" }, 1],
      ["an HTML page afterwards", { kind: "html", when: "after" }, 1],
      ["half an answer", { kind: "truncatedBody", when: "after" }, 1],
    ];
    new Tables(16).each(
      losses,
      ([what]) => `prunes once all the same: ${what}`,
      ([, fault, sent]) =>
        onStage(
          "DatabasePrune",
          {},
          async ({ ff, stack, cost, outputs }) => {
            ff.fault({ ...fault, match: prune });
            assert.deepEqual(await cost(() => stack.up(de)), { mutating: sent, effects: 1 });
            assert.deepEqual([outputs().databaseVersionBefore, outputs().databaseVersion], [41, 42]);
          },
          { requestTimeout: "300ms" },
        ),
    );

    for (const fault of [{ kind: "hang" }, { kind: "status", status: 504 }] as const) {
      it(`is not sent again by the same up after ${fault.kind} without effect, but by the next`, () =>
        onStage(
          "DatabasePrune",
          {},
          async ({ ff, stack, cost, outputs }) => {
            ff.fault({ ...fault, match: prune });
            const first = await cost(async () => {
              const { message } = await incompletenessOf(stack.up(de));
              assert.match(message, /still 41: the next pulumi up prunes unless it has risen/);
            });
            assert.equal(first.mutating, 1);
            assert.deepEqual(await cost(() => stack.up(de)), { mutating: 1, effects: 1 });
            assert.equal(outputs().databaseVersion, 42);
          },
          { requestTimeout: "300ms" },
        ));
    }

    it("counts as done on the next up when the version has risen meanwhile", () =>
      onStage("DatabasePrune", {}, async ({ ff, stack, cost, outputs }) => {
        ff.fault({ kind: "status", status: 500, times: 3, match: prune });
        const first = await cost(() => incompletenessOf(stack.up(de)));
        assert.deepEqual(first, { mutating: 3, effects: 0 });
        ff.prune("de");
        assert.equal((await cost(() => stack.up(de))).mutating, 0);
        assert.deepEqual([outputs().databaseVersionBefore, outputs().databaseVersion], [41, 42]);
        assert.equal(await stack.up(de), "same");
      }));

    it("prunes for another intent although the earlier one has landed meanwhile", () =>
      onStage("DatabasePrune", {}, async ({ ff, stack, cost, outputs }) => {
        ff.fault({ kind: "status", status: 500, times: 3, match: prune });
        await incompletenessOf(stack.up(de));
        ff.prune("de");
        assert.equal((await cost(() => stack.up({ ...de, triggers: [1] }))).mutating, 1);
        assert.deepEqual([outputs().databaseVersionBefore, outputs().databaseVersion], [42, 43]);
      }));

    it("is not sent again while the version is not told", () =>
      onStage("DatabasePrune", {}, async ({ ff, stack, cost }) => {
        ff.fault({ kind: "reset", when: "after", match: prune });
        ff.fault({ kind: "wrongType", value: {}, times: Infinity, skip: 2, match: state });
        const first = await cost(async () => {
          const { message } = await incompletenessOf(stack.up(de));
          assert.match(message, /is not known: factfinder no longer tells its databaseVersion/);
        });
        assert.equal(first.mutating, 1);
        ff.clearFaults();
        assert.equal((await cost(() => stack.up(de))).mutating, 0);
      }));
  });

  it("goes on from what its companion saw before a killed process", () =>
    onStage("DatabasePrune", {}, async ({ ff, session, cost }) => {
      const context = contextFor({ factfinder: { endpoint: ff.director.url } });
      const intent = await lifecycle("factfinder:DatabasePruneIntent").create(context, de);
      ff.prune("de");
      const spent = await cost(async () => {
        const { outputs } = await session.create({ ...de, __before: intent.outputs.before });
        assert.deepEqual([outputs.databaseVersionBefore, outputs.databaseVersion], [41, 42]);
      });
      assert.equal(spent.mutating, 0);
    }));

  it("waits for the version to rise after a good answer, and resumes", () =>
    onStage("DatabasePrune", {}, async ({ ff, stack, cost }) => {
      const good = { kind: "status", status: 200, body: "OK" } as const;
      ff.fault({ ...good, match: prune });
      const first = await cost(async () => {
        const { message } = await incompletenessOf(stack.up({ ...de, timeout: "600ms" }));
        assert.match(
          message,
          /factfinder channel de: prune of channel de on factfinder: not done within the timeout/,
        );
        assert.match(message, /databaseVersion 41, expected above 41/);
      });
      assert.equal(first.mutating, 1);
      ff.prune("de");
      assert.equal((await cost(() => stack.up(de))).mutating, 0);
    }));

  describe("refuses", () => {
    for (const unknownChannelStatus of [400, 403, 500] as const) {
      it(`an unknown channel that the server answers with ${unknownChannelStatus}`, () =>
        onStage("DatabasePrune", { unknownChannelStatus }, async ({ session, cost }) => {
          const spent = await cost(async () => {
            const { message } = await failureOf(session.create({ channel: "fr" }));
            assert.match(message, /Unknown channel 'fr'.*the channel "fr" may not exist there/);
          });
          assert.equal(spent.mutating, 0);
        }));
    }

    it("an unknown channel in the preview already", () =>
      onStage("DatabasePrune", {}, async ({ stack, cost }) => {
        const spent = await cost(() =>
          assert.rejects(stack.preview({ channel: "fr" }), /^Error: channel: .*"fr" may not exist/),
        );
        assert.equal(spent.mutating, 0);
      }));

    it("to go on when a worker refuses it, and keeps nothing", () =>
      onStage("DatabasePrune", {}, async ({ ff, stack, cost }) => {
        const spent = await cost(async () => {
          const { message } = await failureOf(stack.up({ ...de, connection: "worker1" }));
          assert.match(message, /prune is only allowed on the director.*it is not the director, which alone/);
        });
        assert.deepEqual(spent, { mutating: 1, effects: 0 });
        assert.equal(stack.state, undefined);
        assert.equal(ff.director.state("de").databaseVersion, 41);
      }));

    it("to prune where no version is told", () =>
      onStage("DatabasePrune", { omitFields: ["databaseVersion"] }, async ({ session, cost }) => {
        const told = /director does not tell its databaseVersion, so a prune could not be told from none/;
        const spent = await cost(() =>
          assert.rejects(session.create({ ...de, connection: "director" }), told),
        );
        assert.equal(spent.mutating, 0);
      }));
  });

  it("says in the preview what will happen", () =>
    onStage("DatabasePrune", {}, async ({ session, stack, cost }) => {
      assert.equal((await cost(() => stack.preview(de))).mutating, 0);
      assert.deepEqual(session.said.plans, [
        "prune channel de: databaseVersion 41 -> 42, every worker will reload once",
      ]);
    }));

  it("prunes twice when two ask at once, one after the other", () =>
    onStage("DatabasePrune", {}, async ({ session, cost }) => {
      const spent = await cost(async () => {
        const both = await Promise.all([session.create(de), session.create(de)]);
        assert.deepEqual(
          both.map(({ outputs }) => outputs.databaseVersion),
          [42, 43],
        );
      });
      assert.deepEqual(spent, { mutating: 2, effects: 2 });
    }));
});
