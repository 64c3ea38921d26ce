import assert from "node:assert/strict";
import { harnessFor, ids, kinds } from "./ids-harness.ts";

for (const kind of kinds) {
  describe(`aspire ${kind.type}`, () => {
    const { output, noun, path } = kind;
    const harness = harnessFor(kind);
    const { resource, start, inputs, check, create, doneIds, costs } = harness;

    it("makes one call an id, encoded or in the body, and keeps the manager's words", async () => {
      const { id, outputs } = await create(inputs());
      assert.equal(id, "A=, B/1, C+2, D, E");
      assert.deepEqual(
        outputs[output],
        ids.map((it) => ({ id: it, message: `done for ${it}` })),
      );
      assert.deepEqual(
        harness.aspire.requests.map((request) => request.path),
        ["/A%3D", "", "/C%2B2", "/D", "/E"].map((it) => `/aspire/_api/manager/${path}${it}`),
      );
      assert.deepEqual(harness.aspire.requests[1]?.body, { id: ["B/1"] });
      costs(5);
    });

    it("is content with answers that say nothing", async () => {
      await harness.aspire.close();
      await start({ answers: "empty" });
      const { outputs } = await create(inputs());
      assert.deepEqual(
        outputs[output],
        ids.map((it) => ({ id: it })),
      );
      costs(5);
    });

    it("does nothing in a second up, after a refresh, and for another way in", async () => {
      const { id, outputs } = await create(inputs());
      const seen = await resource.read(harness.context, outputs);
      assert.deepEqual(seen?.outputs, outputs);
      const again = (await check(inputs(), seen?.inputs)).inputs;
      assert.deepEqual(await resource.diff(harness.context, outputs, again), {});
      const changed = (
        await check(
          inputs(ids, { connection: { endpoint: harness.aspire.endpoints[0] }, timeout: "9m", form: "ids" }),
        )
      ).inputs;
      const { outputs: updated } = await resource.update(harness.context, id, outputs, changed);
      assert.deepEqual(updated[output], outputs[output]);
      assert.equal(updated.timeout, "9m");
      costs(5);
    });

    it("runs again for other triggers or ids, all of them, in place", async () => {
      const { id, outputs } = await create(inputs());
      const triggered = (await check(inputs(ids, { triggers: [1] }))).inputs;
      assert.deepEqual(await resource.diff(harness.context, outputs, triggered), {
        triggers: { kind: "add" },
      });
      const { outputs: second } = await resource.update(harness.context, id, outputs, triggered);
      costs(10);
      const fewer = (await check(inputs(["D"], { triggers: [1] }))).inputs;
      const { outputs: third } = await resource.update(harness.context, id, second, fewer);
      assert.deepEqual(doneIds(third), ["D"]);
      costs(11);
    });

    it("forgets without a request when it is deleted", async () => {
      const { outputs } = await create(inputs(["D"]));
      await resource.delete(harness.context, outputs);
      costs(1);
    });

    it("says in a preview what it will do, from nothing but the inputs", async () => {
      const { failures } = await check(inputs());
      assert.deepEqual(failures, []);
      const plural = noun === "batch" ? "batches" : `${noun}s`;
      assert.deepEqual(harness.context.said.plans, [
        `${noun === "batch" ? "acknowledge" : "release"} 5 ${plural}: A=, B/1, C+2, D, E`,
      ]);
      assert.equal(harness.aspire.requests.length, 0);
    });
  });
}
