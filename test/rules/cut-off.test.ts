import assert from "node:assert/strict";
import { directDoor } from "./door.ts";
import { failureOf, withHarness } from "./resource-case.ts";
import { cases } from "./rules.ts";
import { Tables } from "./tables.ts";

/*
 * A `timeout` shorter than the time for a request ends in the middle of one. That "the operation was aborted" is then all that the abort
 * tells; whoever is on call wants to know who did not answer.
 */
describe("a time-out while nobody answers", () => {
  new Tables(48).each(
    cases.flatMap((resource) => [0, 2].map((skip) => ({ resource, skip }))),
    ({ resource, skip }) =>
      `names the endpoint, and does not speak of an abort: ${resource.type}, from request ${skip + 1} on`,
    ({ resource, skip }) =>
      withHarness(directDoor, resource, async ({ simulator, session, good }) => {
        const given = {
          ...good,
          timeout: "3s",
          ...(resource.type.startsWith("tcf:") && { stableFor: "0s" }),
        };
        const { inputs, failures } = await session.check(undefined, given, false);
        assert.deepEqual(failures, []);
        const hang = simulator.fault({ kind: "hang", times: Number.POSITIVE_INFINITY, skip });
        const outcome = session.create(inputs);
        // Some need no more requests than that.
        const error = await outcome.then(
          () => undefined,
          () => failureOf(outcome),
        );
        if (!error && hang.hits === 0) return;
        assert.ok(error, "succeeded although nobody answered");
        assert.match(error.message, /timeout of 3s/);
        assert.doesNotMatch(error.message, /aborted/);
        assert.ok(
          simulator.endpoints.some((endpoint) => error.message.includes(endpoint)),
          error.message,
        );
      }),
  );
});
