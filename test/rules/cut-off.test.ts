import assert from "node:assert/strict";
import { directDoor, type Properties, type Session } from "./door.ts";
import { failureOf, type ResourceCase, withHarness } from "./resource-case.ts";
import { cases } from "./rules.ts";
import { Tables } from "./tables.ts";

/** Its checked inputs, for somebody who waits for three seconds. */
async function impatient({ type }: ResourceCase, session: Session, good: Properties): Promise<Properties> {
  const given = { ...good, timeout: "3s", ...(type.startsWith("tcf:") && { stableFor: "0s" }) };
  const { inputs, failures } = await session.check(undefined, given, false);
  assert.deepEqual(failures, []);
  return inputs;
}

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
        const inputs = await impatient(resource, session, good);
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
        const inputs = await impatient(resource, session, good);
        const body = JSON.stringify({ error: "the disk is full" });
        simulator.fault({ kind: "status", status: 500, body, times: Number.POSITIVE_INFINITY });
        const { message } = await failureOf(session.create(inputs));
        assert.doesNotMatch(message, /no answer (?:came|within)/);
        assert.match(message, /500/);
      }),
  );
});
