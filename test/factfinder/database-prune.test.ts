import assert from "node:assert/strict";
import type { FactFinderOptions } from "../../simulators/index.ts";
import { failureOf, withHarness } from "./harness.ts";

const de = { channel: "de" };

describe("DatabasePrune", () => {
  it("raises the director's databaseVersion once, and not again", () =>
    withHarness("DatabasePrune", {}, async ({ ff, stack, cost, outputs }) => {
      assert.deepEqual(await cost(() => stack.up(de)), { mutating: 1, effects: 1 });
      const { databaseVersionBefore, databaseVersion, deltaVersion } = outputs();
      assert.deepEqual([databaseVersionBefore, databaseVersion, deltaVersion], [41, 42, 0]);
      assert.equal(ff.director.state("de").databaseVersion, 42);
      assert.equal(ff.director.state("en").databaseVersion, 41);
      assert.deepEqual(await cost(() => stack.up(de)), { mutating: 0, effects: 0 });
    }));

  it("runs again in place when triggers change, and forgets on delete", () =>
    withHarness("DatabasePrune", {}, async ({ ff, stack, cost, outputs }) => {
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
    withHarness("DatabasePrune", {}, async ({ ff, stack, cost }) => {
      await stack.up(de);
      const inline = { ...de, connection: { endpoint: ff.director.url } };
      assert.equal((await cost(() => stack.up(inline))).mutating, 0);
    }));

  const bodies: FactFinderOptions["stringBody"][] = ["json", "plain", "empty"];
  for (const stringBody of bodies) {
    it(`believes the version whatever the answer is: ${stringBody}`, () =>
      withHarness("DatabasePrune", { stringBody }, async ({ stack, cost, outputs }) => {
        assert.equal((await cost(() => stack.up(de))).mutating, 1);
        assert.equal(outputs().databaseVersion, 42);
      }));
  }

  describe("with ifDatabaseVersion", () => {
    it("prunes at this version", () =>
      withHarness("DatabasePrune", {}, async ({ stack, cost, outputs }) => {
        const inputs = { ...de, ifDatabaseVersion: 41 };
        assert.equal((await cost(() => stack.up(inputs))).mutating, 1);
        assert.equal(outputs().databaseVersion, 42);
      }));

    it("counts as done past it, and shows the present version", () =>
      withHarness("DatabasePrune", { databaseVersion: 50 }, async ({ session, stack, cost, outputs }) => {
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
      withHarness("DatabasePrune", {}, async ({ stack, session, cost }) => {
        const refused = /ifDatabaseVersion: the director's databaseVersion is 41, below ifDatabaseVersion 42/;
        const inputs = { ...de, ifDatabaseVersion: 42 };
        assert.equal((await cost(() => assert.rejects(stack.up(inputs), refused))).mutating, 0);
        assert.equal((await cost(() => assert.rejects(session.create(inputs), /below/))).mutating, 0);
      }));
  });

  describe("refuses", () => {
    for (const unknownChannelStatus of [400, 403, 500] as const) {
      it(`an unknown channel that the server answers with ${unknownChannelStatus}`, () =>
        withHarness("DatabasePrune", { unknownChannelStatus }, async ({ session, cost }) => {
          const spent = await cost(async () => {
            const { message } = await failureOf(session.create({ channel: "fr" }));
            assert.match(message, /Unknown channel 'fr'.*the channel "fr" may not exist there/);
          });
          assert.equal(spent.mutating, 0);
        }));
    }

    it("an unknown channel in the preview already", () =>
      withHarness("DatabasePrune", {}, async ({ stack, cost }) => {
        const spent = await cost(() =>
          assert.rejects(stack.preview({ channel: "fr" }), /^Error: channel: .*"fr" may not exist/),
        );
        assert.equal(spent.mutating, 0);
      }));

    it("to go on when a worker refuses it, and keeps nothing", () =>
      withHarness("DatabasePrune", {}, async ({ ff, stack, cost }) => {
        const spent = await cost(async () => {
          const { message } = await failureOf(stack.up({ ...de, connection: "worker1" }));
          assert.match(message, /prune is only allowed on the director.*it is not the director, which alone/);
        });
        assert.deepEqual(spent, { mutating: 1, effects: 0 });
        assert.equal(stack.state, undefined);
        assert.equal(ff.director.state("de").databaseVersion, 41);
      }));

    it("to prune where no version is told", () =>
      withHarness("DatabasePrune", { omitFields: ["databaseVersion"] }, async ({ session, cost }) => {
        const told = /director does not tell its databaseVersion, so a prune could not be told from none/;
        const spent = await cost(() =>
          assert.rejects(session.create({ ...de, connection: "director" }), told),
        );
        assert.equal(spent.mutating, 0);
      }));
  });

  it("says in the preview what will happen", () =>
    withHarness("DatabasePrune", {}, async ({ session, stack, cost }) => {
      assert.equal((await cost(() => stack.preview(de))).mutating, 0);
      assert.deepEqual(session.said.plans, [
        "prune channel de: databaseVersion 41 -> 42, every worker will reload once",
      ]);
    }));

  it("prunes twice when two ask at once, one after the other", () =>
    withHarness("DatabasePrune", {}, async ({ session, cost }) => {
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
