import assert from "node:assert/strict";
import { setTimeout as pause } from "node:timers/promises";
import { Incomplete } from "../support/flat.ts";
import { failureOf, type Suite, withHarness } from "./resource-case.ts";

/** Rules 4, 5 and 10: the handle is kept before the wait; every wait has a deadline and explains itself; long work shows. */
export function waiting({ door, cases, tables }: Suite): void {
  const waits = cases.filter(({ hold }) => hold);

  describe("keeps the handle of what it waits for", () => {
    tables.each(
      waits,
      ({ type }) => `${type} is recorded when its time runs out, and resumed without another request`,
      (resource) =>
        withHarness(door, resource, async ({ rig, simulator, stack, good }) => {
          const release = resource.hold?.(rig);
          const failure = await failureOf(stack.up({ ...good, timeout: "4s" }));
          assert.ok(failure instanceof Incomplete, failure.stack);
          assert.ok(stack.state, "it is recorded");
          release?.();
          assert.equal(await stack.up(good), "update");
          assert.equal(simulator.counts().mutating, resource.costs);
          assert.equal(await stack.up(good), "same");
        }),
    );

    tables.each(
      waits,
      ({ type }) => `${type} is resumed after a refresh too, which clears the engine's mark`,
      (resource) =>
        withHarness(door, resource, async ({ rig, simulator, stack, good }) => {
          const release = resource.hold?.(rig);
          await failureOf(stack.up({ ...good, timeout: "4s" }));
          await stack.refresh();
          release?.();
          assert.notEqual(await stack.up(good), "same");
          assert.equal(simulator.counts().mutating, resource.costs);
        }),
    );

    if (door.canCancel) {
      tables.each(
        waits,
        ({ type, isLedToSafety }) =>
          `${type} is recorded when it is cancelled, ${isLedToSafety ? "once it is safe" : "at once"}, and resumed`,
        (resource) =>
          withHarness(door, resource, async ({ rig, simulator, session, stack, good }) => {
            const release = resource.hold?.(rig);
            const up = failureOf(stack.up(good));
            while (simulator.counts().effects === 0) await pause(10);
            await pause(100);
            session.cancel?.();
            if (resource.isLedToSafety) release?.();
            assert.ok((await up) instanceof Incomplete);
            release?.();
            await stack.up(good);
            assert.equal(simulator.counts().mutating, resource.costs);
          }),
      );
    }
  });

  describe("explains itself at the deadline", () => {
    tables.each(
      waits,
      ({ type }) => `${type} says what was seen last, for how long it waited, and where`,
      (resource) =>
        withHarness(door, resource, async ({ rig, simulator, stack, good }) => {
          resource.hold?.(rig);
          const { message } = await failureOf(stack.up({ ...good, timeout: "4s" }));
          assert.match(message, new RegExp(`^${resource.type.split(":")[0]} `), "whose it is");
          assert.match(message, /timeout of 4s/);
          assert.match(message, /waited \d\.\ds/);
          assert.match(message, resource.heldAs ?? assert.fail("what is held has a word"));
          assert.ok(
            simulator.endpoints.some((endpoint) => message.includes(endpoint)),
            message,
          );
          assert.match(message, /the next (run|pulumi up|terraform apply) goes on/);
        }),
    );
  });

  describe("reports progress at most once a second", () => {
    tables.each(
      waits,
      ({ type }) => type,
      (resource) =>
        withHarness(door, resource, async ({ rig, session, stack, good }) => {
          resource.hold?.(rig);
          const began = performance.now();
          await failureOf(stack.up({ ...good, timeout: "4s" }));
          const seconds = (performance.now() - began) / 1_000;
          const { progress } = session.said;
          const least = door.isUnwatched ? 1 : 2;
          const count = `${progress.length} in ${seconds} s`;
          assert.ok(progress.length >= least && progress.length <= seconds + 1, count);
          if (!door.isUnwatched) assert.match(progress.at(-1) ?? "", resource.heldAs ?? assert.fail());
        }),
    );
  });
}
