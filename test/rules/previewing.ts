import assert from "node:assert/strict";
import { setTimeout as pause } from "node:timers/promises";
import { failureOf, type Suite, withHarness } from "./resource-case.ts";
import { CheckFailed } from "./stack.ts";

/** Rule 9: what will happen, or cannot, is known at preview, from reads only. */
export function previewing({ door, cases, tables }: Suite): void {
  describe("is previewed", () => {
    tables.each(
      cases,
      ({ type }) => `${type} without a mutating request, with a word on what will happen`,
      (resource) =>
        withHarness(door, resource, async ({ session, stack, good, spent }) => {
          const { mutating } = await spent(async () => assert.equal(await stack.preview(good), "create"));
          assert.equal(mutating, 0);
          // A companion that only reads has nothing to announce.
          if (resource.costs === 0) return;
          // What is said may arrive after the answer.
          const isSaid = () => session.said.plans.length + session.said.warnings.length > 0;
          for (let look = 0; look < 300 && !isSaid(); look++) await pause(10);
          assert.equal(isSaid(), true);
        }),
    );

    tables.each(
      cases.filter(({ impossible }) => impossible),
      ({ type, impossible }) => `${type} as refused: ${impossible?.reason.source}`,
      (resource) =>
        withHarness(door, resource, async ({ rig, simulator, stack, good }) => {
          const { inputs, property, reason } = resource.impossible ?? assert.fail();
          resource.obstruct?.(rig);
          const failure = await failureOf(stack.preview({ ...good, ...inputs }));
          assert.ok(failure instanceof CheckFailed, failure.stack);
          assert.deepEqual(
            failure.failures.map((it) => it.property),
            [property],
          );
          assert.match(failure.message, reason);
          assert.equal(simulator.counts().mutating, 0);
        }),
    );

    tables.each(
      cases,
      ({ type }) => `${type} with at most a warning while nobody answers`,
      (resource) =>
        withHarness(
          door,
          resource,
          async ({ stack, good }) => assert.equal(await stack.preview(good), "create"),
          {
            nobodyAnswers: true,
          },
        ),
    );
  });
}
