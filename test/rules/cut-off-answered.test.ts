import assert from "node:assert/strict";
import { directDoor } from "./door.ts";
import { failureOf, withHarness } from "./resource-case.ts";
import { cases } from "./rules.ts";
import { Tables } from "./tables.ts";

/*
 * Where a server has answered every request, badly, nobody was silent: that the time ran out in the midst of one more says less than its
 * answers.
 */
describe("a time-out while a server answers with an error", () => {
  new Tables(24).each(
    cases,
    ({ type }) => `does not say that there was no answer: ${type}`,
    (resource) =>
      withHarness(directDoor, resource, async ({ simulator, session, good }) => {
        const given = {
          ...good,
          timeout: "3s",
          ...(resource.type.startsWith("tcf:") && { stableFor: "0s" }),
        };
        const { inputs, failures } = await session.check(undefined, given, false);
        assert.deepEqual(failures, []);
        const body = JSON.stringify({ error: "the disk is full" });
        simulator.fault({ kind: "status", status: 500, body, times: Number.POSITIVE_INFINITY });
        const { message } = await failureOf(session.create(inputs));
        assert.doesNotMatch(message, /no answer (?:came|within)/);
        assert.match(message, /500/);
      }),
  );
});
