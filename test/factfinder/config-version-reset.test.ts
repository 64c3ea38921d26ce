import assert from "node:assert/strict";
import { failureOf, withHarness } from "./harness.ts";

const worker = { connection: "worker1" };

describe("ConfigVersionReset", () => {
  const responses = [
    ["json", "Config version counters were reset"],
    ["plain", "Config version counters were reset"],
    ["empty", ""],
  ] as const;
  for (const [stringBody, response] of responses) {
    it(`resets one node's counters once, and shows what it said: ${stringBody}`, () =>
      withHarness("ConfigVersionReset", { stringBody }, async ({ ff, stack, cost, outputs }) => {
        assert.deepEqual(await cost(() => stack.up(worker)), { mutating: 1, effects: 1 });
        assert.equal(outputs().response, response);
        assert.deepEqual(
          ff.workers.map(({ configVersion }) => configVersion),
          [0, 3],
        );
        assert.equal((await cost(() => stack.up(worker))).mutating, 0);
      }));
  }

  it("runs again when triggers change, and forgets on delete", () =>
    withHarness("ConfigVersionReset", {}, async ({ stack, cost }) => {
      await stack.up(worker);
      assert.equal((await cost(() => stack.up({ ...worker, triggers: ["again"] }))).mutating, 1);
      assert.equal((await cost(() => stack.destroy())).mutating, 0);
    }));

  for (const fault of [{ kind: "reset" }, { kind: "hang" }, { kind: "html" }] as const) {
    it(`is sent again when the answer is lost, which does no harm: ${fault.kind}`, () =>
      withHarness(
        "ConfigVersionReset",
        {},
        async ({ ff, stack, cost }) => {
          ff.fault({ ...fault, when: "after" });
          assert.equal((await cost(() => stack.up(worker))).mutating, 2);
          // Until the time is up: then a person knows what is known.
          ff.fault({ ...fault, when: "after", times: Number.POSITIVE_INFINITY });
          const { message } = await failureOf(stack.up({ ...worker, triggers: [1], timeout: "1s" }));
          assert.match(message, /^factfinder node worker1: .*whether the counters were reset is not known/);
        },
        { requestTimeout: "300ms" },
      ));
  }

  it("says which role is missing", () => {
    const auth = { users: [{ username: "ops", password: "planted", roles: ["ApiImport"] }] };
    return withHarness(
      "ConfigVersionReset",
      { auth },
      async ({ stack, cost }) => {
        const spent = await cost(async () =>
          assert.match((await failureOf(stack.up(worker))).message, /403 .*needs the role ApiConfig/),
        );
        assert.deepEqual(spent, { mutating: 1, effects: 0 });
      },
      { username: "ops", password: "planted" },
    );
  });

  it("says in the preview what will be sent", () =>
    withHarness("ConfigVersionReset", {}, async ({ ff, session, stack }) => {
      await stack.preview(worker);
      assert.deepEqual(session.said.plans, ["worker1: reset config version counters"]);
      assert.equal(ff.requests.length, 0);
    }));

  for (const [what, value] of [
    ["success: false and an error", { success: false, error: { name: "AccessDenied" } }],
    ["success: false", { success: false }],
    ["a list of ApiErrors", [{ error: "Forbidden", errorDescription: "d" }]],
    ["errors", { errors: [{ name: "AccessDenied" }] }],
    ["an errorDescription alone", { errorDescription: "not allowed" }],
    ["Error in another case", { Error: "Forbidden" }],
  ] as const) {
    it(`is not accepted by a 200 with ${what}`, () =>
      withHarness("ConfigVersionReset", {}, async ({ ff, stack }) => {
        ff.fault({ kind: "wrongType", value, match: { method: "POST" } });
        assert.match((await failureOf(stack.up({}))).message, /200 with an error/);
      }));
  }
});
