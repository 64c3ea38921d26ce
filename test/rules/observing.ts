import assert from "node:assert/strict";
import { type Suite, withHarness } from "./resource-case.ts";

/** Rule 1: observe before acting, act only on a difference, verify after acting. */
export function observing({ door, cases, tables }: Suite): void {
  describe("observes, acts on a difference, verifies", () => {
    tables.each(
      cases,
      ({ type, costs }) =>
        `${type} costs ${costs} mutating request${costs === 1 ? "" : "s"}, and none the second time`,
      (resource) =>
        withHarness(door, resource, async ({ stack, good, spent }) => {
          const { mutating, effects } = await spent(() => stack.up(good));
          assert.deepEqual({ mutating, effects }, { mutating: resource.costs, effects: resource.costs });
          const second = await spent(async () => assert.equal(await stack.up(good), "same"));
          assert.equal(second.mutating, 0);
        }),
    );

    tables.each(
      cases.filter(({ leavesMark }) => leavesMark),
      ({ type }) => `${type} reads before it acts, and after`,
      (resource) =>
        withHarness(door, resource, async ({ simulator, stack, good }) => {
          await stack.up(good);
          const requests = simulator.requests.filter(({ token }) => !token);
          assert.deepEqual([requests[0]?.mutating, requests.at(-1)?.mutating], [false, false]);
        }),
    );

    tables.each(
      cases.filter(({ kind }) => kind === "state"),
      ({ type }) => `${type} adopts what is so already`,
      (resource) =>
        withHarness(door, resource, async ({ stack, good, spent }) => {
          await stack.up(good);
          stack.state = undefined;
          const { mutating } = await spent(() => stack.up(good));
          assert.equal(mutating, 0);
        }),
    );

    tables.each(
      cases.filter(({ kind }) => kind === "state"),
      ({ type }) => `${type} shows drift on refresh, repairs it, and is then at rest`,
      (resource) =>
        withHarness(door, resource, async ({ rig, stack, good, spent }) => {
          assert.ok(resource.drift, "a state resource can drift");
          await stack.up(good);
          resource.drift(rig);
          const { mutating } = await spent(() => stack.refresh());
          assert.equal(mutating, 0, "a refresh changes nothing");
          assert.notEqual(await stack.preview(good), "same");
          const repair = await spent(() => stack.up(good));
          assert.equal(repair.mutating, resource.repairCosts ?? resource.costs);
          await stack.refresh();
          assert.equal(await stack.preview(good), "same");
        }),
    );

    tables.each(
      cases.filter(({ type }) => door.canWrite?.(type, { connection: {} }) ?? true),
      ({ type }) => `${type} is the same by another spelling of its connections`,
      (resource) =>
        withHarness(door, resource, async ({ stack, good, inline, spent }) => {
          await stack.up(good);
          const { mutating } = await spent(async () => assert.notEqual(await stack.up(inline), "replace"));
          assert.equal(mutating, 0);
        }),
    );
  });
}
