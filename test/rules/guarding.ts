import assert from "node:assert/strict";
import { failureOf, type Suite, withHarness } from "./resource-case.ts";
import { CheckFailed } from "./stack.ts";

const far = { from: "2098-12-06T22:00:00+01:00", to: "2098-12-07T04:00:00+01:00" };
/** Nothing may be sent before that. */
const closed = { "*": { windows: [far] } };
const open = { "*": { windows: [{ from: "2020-01-01T00:00:00Z", to: "2098-01-01T00:00:00Z" }] } };
const reason = "INC-4711 primary DC down";

/** What guards say (docs/guards.md), every resource keeps: a companion, which only reads, has nothing to be held back. */
export function guarding({ door, cases, tables }: Suite): void {
  const sending = cases.filter(({ costs }) => costs > 0);

  describe("outside of the windows", () => {
    tables.each(
      sending,
      ({ type }) => `${type} is refused by a preview, which names the next window`,
      (resource) =>
        withHarness(
          door,
          resource,
          async ({ simulator, stack, good }) => {
            const failure = await failureOf(stack.preview(good));
            assert.ok(failure instanceof CheckFailed, failure.stack);
            assert.match(
              failure.message,
              /outside of the maintenance windows: the next window is Sat 2098-12-06 22:00 to Sun 2098-12-07 04:00 UTC\+1 \(Sat 2098-12-06 21:00 to Sun 2098-12-07 03:00 UTC\)/,
            );
            assert.equal(simulator.counts().mutating, 0);
          },
          { under: { guards: closed } },
        ),
    );

    tables.each(
      sending,
      ({ type }) => `${type} sends nothing either when no preview has refused it`,
      (resource) =>
        withHarness(door, resource, async ({ simulator, connections, session, good }) => {
          const { inputs } = await session.check(undefined, good, false);
          // As after a window that has closed since.
          await using later = await door.open(resource.type, connections, { settings: { guards: closed } });
          const failure = await failureOf(later.create(inputs));
          assert.match(failure.message, /outside of the maintenance windows/);
          assert.equal(simulator.counts().mutating, 0);
        }),
    );

    tables.each(
      sending,
      ({ type, deleteCosts }) =>
        `${type} is deleted all the same${deleteCosts > 0 ? ", which gives back what it took" : ""}`,
      (resource) =>
        withHarness(
          door,
          resource,
          async ({ simulator, connections, stack, good }) => {
            await stack.up(good);
            const { id, outputs } = stack.state ?? assert.fail();
            simulator.resetCounts();
            const shut = { settings: { guards: closed }, resource: `deleted-${resource.type}` };
            await using later = await door.open(resource.type, connections, shut);
            await later.delete(id, outputs);
            assert.equal(simulator.counts().mutating, resource.deleteCosts);
          },
          { named: `deleted-${resource.type}` },
        ),
    );

    tables.each(
      sending,
      ({ type }) => `${type} goes ahead with an override, whose reason is recorded`,
      (resource) =>
        withHarness(
          door,
          resource,
          async ({ simulator, session, stack, good }) => {
            assert.equal(await stack.up(good), "create");
            assert.equal(simulator.counts().mutating, resource.costs);
            assert.equal(stack.state?.outputs.overridden, reason);
            const said = session.said.warnings.filter((text) => text.startsWith("overridden: "));
            assert.deepEqual(said.length > 0, true, "it is said");
            assert.ok(
              said.every((text) => text.includes(reason)),
              said.join(),
            );
            assert.equal(await stack.up(good), "same");
            assert.equal(simulator.counts().mutating, resource.costs);
          },
          { under: { guards: closed, override: reason } },
        ),
    );
  });

  describe("inside of a window", () => {
    tables.each(
      sending,
      ({ type }) => `${type} works as without guards`,
      (resource) =>
        withHarness(
          door,
          resource,
          async ({ simulator, stack, good }) => {
            assert.equal(await stack.up(good), "create");
            assert.equal(simulator.counts().mutating, resource.costs);
            assert.equal(stack.state?.outputs.overridden, undefined);
            assert.equal(await stack.up(good), "same");
          },
          { under: { guards: open } },
        ),
    );
  });
}
