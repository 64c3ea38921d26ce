import assert from "node:assert/strict";
import { setTimeout as pause } from "node:timers/promises";
import { type Harness, type Suite, withHarness } from "./resource-case.ts";

/** Rule 3: "already running" means join. */
export function joining({ door, cases, tables }: Suite): void {
  describe("joins what somebody else has started", () => {
    tables.each(
      cases.filter(({ startedByOther }) => startedByOther),
      ({ type }) => `${type} sends nothing when it runs already, and waits for its end`,
      (resource) =>
        withHarness(door, resource, async (harness) => {
          const { rig, stack, good, spent } = harness;
          const finish = resource.startedByOther?.(rig);
          const { mutating } = await spent(() => untilJoined(harness, stack.up(good), finish));
          assert.equal(mutating, 0);
          assert.equal(await stack.up(good), "same");
        }),
    );

    tables.each(
      cases.filter(({ compete }) => compete),
      ({ type }) => `${type} takes 409 for word that it runs already`,
      (resource) =>
        withHarness(door, resource, async (harness) => {
          const { rig, simulator, stack, good, spent } = harness;
          const { mutating, effects } = await spent(async () => {
            const up = stack.up(good);
            await untilJoined(harness, up, await resource.compete?.(rig));
          });
          assert.deepEqual({ mutating, effects }, { mutating: 1, effects: 0 });
          assert.ok(simulator.requests.some(({ status }) => status === 409));
          assert.equal(await stack.up(good), "same");
        }),
    );
  });
}

/** Ends the other one's work once `up` waits for it. */
async function untilJoined(
  { session }: Harness,
  up: Promise<unknown>,
  finish: (() => void) | undefined,
): Promise<void> {
  const ended = up.then(
    () => true,
    () => true,
  );
  while (session.said.progress.length === 0 && !(await Promise.race([ended, pause(10, false)])));
  finish?.();
  await up;
}
