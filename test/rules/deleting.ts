import assert from "node:assert/strict";
import { failureOf, type Suite, withHarness } from "./resource-case.ts";

/** Rules 6 and 7: what is gone is deleted already, only a typed not-found counts as gone; changes are made in place. */
export function deleting({ door, cases, tables }: Suite): void {
  describe("is deleted", () => {
    tables.each(
      cases,
      ({ type, deleteCosts }) =>
        deleteCosts === 0
          ? `${type} without a mutating request: it is forgotten`
          : `${type} with ${deleteCosts} mutating request${deleteCosts === 1 ? "" : "s"}`,
      (resource) =>
        withHarness(door, resource, async ({ stack, good, spent }) => {
          await stack.up(good);
          const { mutating, effects } = await spent(() => stack.destroy());
          assert.deepEqual(
            { mutating, effects },
            { mutating: resource.deleteCosts, effects: resource.deleteCosts },
          );
        }),
    );

    tables.each(
      cases.filter(({ vanish }) => vanish),
      ({ type }) => `${type} when it is gone already, without a mutating request`,
      (resource) =>
        withHarness(door, resource, async ({ rig, stack, good, spent }) => {
          await stack.up(good);
          resource.vanish?.(rig);
          const { mutating } = await spent(() => stack.destroy());
          assert.equal(mutating, 0);
        }),
    );
  });

  describe("counts as gone only when the system says so", () => {
    tables.each(
      cases.filter(({ kind }) => kind === "state"),
      ({ type }) => `${type} is not lost from state by a server that fails`,
      (resource) =>
        withHarness(door, resource, async ({ simulator, stack, good }) => {
          await stack.up({ ...good, timeout: "3s" });
          simulator.fault({ kind: "status", status: 500, times: Number.POSITIVE_INFINITY });
          await failureOf(stack.refresh());
          assert.ok(stack.state);
        }),
    );
  });

  describe("is changed in place", () => {
    tables.each(
      cases,
      ({ type, change }) =>
        `${type} with ${change.costs} mutating requests for ${Object.keys(change.inputs)}`,
      (resource) =>
        withHarness(door, resource, async ({ stack, good, spent }) => {
          const { inputs, costs } = resource.change;
          await stack.up(good);
          const { mutating } = await spent(async () =>
            assert.equal(await stack.up({ ...good, ...inputs }), "update"),
          );
          assert.equal(mutating, costs);
          assert.equal(await stack.up({ ...good, ...inputs }), "same");
        }),
    );

    tables.each(
      cases,
      ({ type }) => `${type} for nothing when only its timeout changes`,
      (resource) =>
        withHarness(door, resource, async ({ stack, good, spent }) => {
          await stack.up(good);
          const { mutating } = await spent(() => stack.up({ ...good, timeout: "17m" }));
          assert.equal(mutating, 0);
          assert.equal(stack.state?.outputs.timeout, "17m");
        }),
    );
  });
}
