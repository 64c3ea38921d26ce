import assert from "node:assert/strict";
import { play, type Suite } from "./resource-case.ts";

/** Rule 3: "already running" means join. */
export function joining({ door, cases, tables }: Suite): void {
  describe("joins what somebody else has started", () => {
    tables.each(
      cases.filter(({ startedByOther }) => startedByOther),
      ({ type }) => `${type} sends nothing when it runs already, and waits for its end`,
      (resource) =>
        play(door, resource, async ({ rig, stack, good, spent }) => {
          resource.startedByOther?.(rig);
          const { mutating } = await spent(() => stack.up(good));
          assert.equal(mutating, 0);
          assert.equal(await stack.up(good), "same");
        }),
    );

    tables.each(
      cases.filter(({ compete }) => compete),
      ({ type }) => `${type} takes 409 for word that it runs already`,
      (resource) =>
        play(door, resource, async ({ rig, simulator, stack, good, spent }) => {
          const { mutating, effects } = await spent(() =>
            Promise.all([stack.up(good), resource.compete?.(rig)]),
          );
          assert.deepEqual({ mutating, effects }, { mutating: 1, effects: 0 });
          assert.ok(simulator.requests.some(({ status }) => status === 409));
          assert.equal(await stack.up(good), "same");
        }),
    );
  });
}
