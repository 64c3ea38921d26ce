import assert from "node:assert/strict";
import { Incomplete } from "../support/flat.ts";
import { ids, kinds, stageFor } from "./ids-stage.ts";

for (const kind of kinds) {
  describe(`an aspire ${kind.type} of which an id fails`, () => {
    const { noun, path } = kind;
    const stage = stageFor(kind);
    const { resource, start, inputs, check, create, fail, update, doneIds, sent, costs } = stage;

    it("tries all ids when the third of five is unknown, names it, and the next up tries it alone", async () => {
      const list = ["A=", "B/1", "X/unknown", "D", "E"];
      const failure = await fail(inputs(list));
      const [reason = ""] = failure.reasons;
      assert.ok(reason.startsWith("aspire "), reason);
      assert.match(reason, new RegExp(`${noun} X/unknown: PUT \\S+/${path}\\S*: 404 not found: X/unknown`));
      assert.ok(reason.includes("accepted by the manager: A=, B/1, D, E;"), reason);
      assert.deepEqual(doneIds(failure.outputs), ["A=", "B/1", "D", "E"]);
      costs(5, 4);
      const again = await resource
        .update(stage.context, failure.id, failure.outputs, (await check(inputs(list))).inputs)
        .catch((error: unknown) => error);
      assert.ok(again instanceof Incomplete);
      assert.deepEqual(doneIds(again.outputs), ["A=", "B/1", "D", "E"]);
      costs(6, 4);
      assert.equal(sent().at(-1), "X/unknown");
      const repaired = await update(again, inputs(["A=", "B/1", "C+2", "D", "E"]));
      assert.deepEqual(doneIds(repaired), ids);
      assert.deepEqual(Object.keys(repaired).includes("__unfinished"), false);
      costs(7, 5);
    });

    it("sends nothing more when the id that failed is taken out of the list", async () => {
      const failure = await fail(inputs(["A=", "unknown", "D"]));
      assert.deepEqual(doneIds(await update(failure, inputs(["D", "A="]))), ["D", "A="]);
      costs(3, 2);
    });

    it("starts from the beginning when triggers have changed since it failed", async () => {
      const failure = await fail(inputs(["A=", "unknown"]));
      const outputs = await update(failure, inputs(["A=", "D"], { triggers: ["again"] }));
      assert.deepEqual(doneIds(outputs), ["A=", "D"]);
      assert.deepEqual(sent(), ["A=", "unknown", "A=", "D"]);
      costs(4, 3);
    });

    it("shows by its diff that it is unfinished, also after a refresh", async () => {
      const failure = await fail(inputs(["A=", "unknown"]));
      const seen = await resource.read(stage.context, failure.outputs);
      const changes = await resource.diff(
        stage.context,
        seen?.outputs ?? {},
        (await check(inputs(["A=", "unknown"]))).inputs,
      );
      assert.deepEqual(Object.values(changes), [{ kind: "update" }]);
    });

    it("records nothing when no id could be done", async () => {
      await assert.rejects(create(inputs(["x", "y"])), (error: Error) => {
        assert.ok(!(error instanceof Incomplete));
        assert.match(error.message, /: \w+ x: .*404.*; \w+ y: .*404/);
        assert.ok(error.message.endsWith("accepted by the manager: none"), error.message);
        return true;
      });
      costs(2, 0);
    });

    for (const unknownIds of ["errorIn200", "textIn200", "objectIn200", "nestedIn200"] as const) {
      it(`takes an error inside a 200 for a failure of that id: ${unknownIds}`, async () => {
        await stage.aspire.close();
        await start({ unknownIds });
        const failure = await fail(inputs(["A=", "unknown", "D"]));
        assert.match(failure.message, /unknown: PUT \S+: 200 with an error: .*not found/);
        assert.deepEqual(doneIds(failure.outputs), ["A=", "D"]);
        costs(3, 2);
      });
    }
  });
}
