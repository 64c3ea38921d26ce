import assert from "node:assert/strict";
import { expecting, nothing, withApproved } from "./approval.ts";
import { directDoor, type Properties } from "./door.ts";
import { failureOf, withHarness } from "./resource-case.ts";
import { cases } from "./rules.ts";
import { CheckFailed } from "./stack.ts";

/** Other inputs for which the same would be sent, where those of `change` ask for something else, or for nothing. */
const others: Record<string, Properties> = {
  "redis:ReplicaNode": { allowOtherNodesUnavailable: true },
  "tcf:ActiveCluster": { force: true },
  "tcf:ClusterRole": { force: true },
};
const sending = cases.filter(({ costs }) => costs > 0);

describe("every resource that sends something", function () {
  this.timeout(20_000);

  for (const resource of sending) {
    it(`${resource.type} is carried out as it was approved, and then is silent`, () =>
      withApproved(resource, {}, async ({ up, spent }) => {
        const { mutating } = await spent(async () => assert.equal(await up(), "create"));
        assert.equal(mutating, resource.costs);
        const again = await spent(async () => assert.equal(await up(), "same"));
        assert.equal(again.mutating, 0);
      }));

    it(`${resource.type} is refused where the same name leads to another installation`, () =>
      withApproved(resource, {}, ({ token }) =>
        withHarness(directDoor, resource, async ({ stack, good, spent }) => {
          const { mutating } = await spent(async () => {
            const failure = await failureOf(expecting(token, () => stack.preview(good)));
            assert.match(failure.message, /^CLUSTEROPS_EXPECT: it is not part of what was approved/);
          });
          assert.equal(mutating, 0);
        }),
      ));

    it(`${resource.type} is refused in a preview, where it is not part of what was approved`, () =>
      withHarness(directDoor, resource, async ({ stack, good, spent }) => {
        const { mutating } = await spent(async () => {
          const failure = await failureOf(expecting(nothing, () => stack.preview(good)));
          assert.ok(failure instanceof CheckFailed, failure.stack);
          assert.match(failure.message, /^CLUSTEROPS_EXPECT: it is not part of what was approved/);
        });
        assert.equal(mutating, 0);
      }));

    it(`${resource.type} is refused before its first request, where nothing has looked ahead, and is not recorded`, () =>
      withHarness(directDoor, resource, async ({ session, good, spent }) => {
        const { inputs } = await session.check(undefined, good, false);
        const { mutating } = await spent(async () => {
          const failure = await failureOf(expecting(nothing, () => session.create(inputs)));
          // What is to be recorded would be resumed by the next `up`, without anybody's approval.
          assert.equal(failure.constructor.name, "Refusal", failure.stack);
          assert.match(failure.message, /it is not part of what was approved.*; nothing was sent\./);
        });
        assert.equal(mutating, 0);
      }));

    it(`${resource.type} is refused with other inputs than were approved`, () =>
      withApproved(resource, {}, async ({ up, good, spent }) => {
        const other = others[resource.type] ?? resource.change.inputs;
        // What has a job run again is none of what it does.
        if (Object.keys(other).every((name) => name === "triggers")) return;
        const { mutating } = await spent(async () => {
          const failure = await failureOf(up({ ...good, ...other }));
          assert.match(failure.message, /its inputs are others than were approved/);
        });
        assert.equal(mutating, 0);
      }));
  }

  for (const resource of sending.filter(({ deleteCosts }) => deleteCosts > 0)) {
    it(`${resource.type} is not deleted, where that was not approved`, () =>
      withApproved(resource, {}, async ({ up, token, stack, spent }) => {
        await up();
        const { mutating } = await spent(async () => {
          const failure = await failureOf(expecting(token, () => stack.destroy()));
          assert.match(failure.message, /its deletion is not part of what was approved; nothing was sent/);
        });
        assert.equal(mutating, 0);
        await stack.destroy();
      }));
  }
});
