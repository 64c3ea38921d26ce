import assert from "node:assert/strict";
import { readResults, requireSuccess, warningsOf } from "../../provider/factfinder/delta-results.ts";
import { failureOf, syncOf, update, withHarness } from "./harness.ts";

describe("the warnings of delta updates", () => {
  const rows: [what: string, warnings: unknown, said: string | undefined][] = [
    [
      "an object",
      [{ name: "FieldTruncated", description: "Title is too long" }],
      "FieldTruncated: Title is too long",
    ],
    ["a name alone", [{ name: "FieldTruncated" }], "FieldTruncated"],
    ["a description alone", [{ description: "Title is too long" }], "Title is too long"],
    [
      "a stack",
      [{ name: "N", description: "d", stacktrace: ["at A", "at B", "at C", "at D"] }],
      "N: d (at A at B at C)",
    ],
    ["a stack that is one text", [{ name: "N", stacktrace: "at A" }], "N (at A)"],
    ["null fields", [{ name: "N", description: null, stacktrace: null }], "N"],
    ["texts", ["one", "two"], "one; two"],
    ["one object without its list", { name: "N", description: "d" }, "N: d"],
    ["one text without its list", "one", "one"],
    ["a list in a list", [["one", { name: "N" }]], "one; N"],
    ["the same several times", ["one", "one", { description: "one" }], "one"],
    ["many", ["1", "2", "3", "4", "5"], "1; 2; 3; 2 more"],
    ["an ApiError", [{ error: "Bad Request", errorDescription: "d" }], "Bad Request: d"],
    ["what nobody knows", [{ code: 7, field: "Title" }], '{"code":7,"field":"Title"}'],
    ["a number", [7], "7"],
    [
      "a description that is a list",
      [{ name: "W", description: ["Title is", "too long"] }],
      "W: Title is too long",
    ],
    [
      "a description that is an object",
      [{ name: "W", description: { de: "zu lang" } }],
      'W: {"de":"zu lang"}',
    ],
    ["further fields", [{ name: "W", field: "Title" }], 'W: {"field":"Title"}'],
    [
      "an error beside further fields",
      [{ error: { name: "E" }, field: "Title" }],
      '{"name":"E"}: {"field":"Title"}',
    ],
    ["several lines", ["a\n\tb"], "a b"],
    ["a long text", ["x".repeat(400)], `${"x".repeat(297)}...`],
    ["nothing", [], undefined],
    ["null", null, undefined],
    ["no field", undefined, undefined],
    ["junk that says nothing", [null, {}, [], "", false, { name: "" }], undefined],
  ];
  for (const [what, warnings, said] of rows)
    it(`are read from ${what}`, () =>
      assert.equal(warningsOf(readResults([{ success: true, warnings }])), said));

  it("are read from results under a name", () => {
    const results = readResults({ results: [{ success: true, warnings: ["one"] }] });
    assert.equal(warningsOf(results), "one");
  });

  const failures: [what: string, body: unknown, said: RegExp | undefined][] = [
    ["an error that is a text", [{ success: false, error: "not unique" }], /update 1: not unique/],
    [
      "an error that is an ApiError",
      [{ success: false, error: { error: "E", errorDescription: "d" } }],
      /E: d/,
    ],
    ["an error without words", [{ success: false, error: {} }], /no reason given/],
    ["an error and no success", [{ error: "not unique" }], /1 of 1 .*not unique/],
    ["a result without its list", { success: false, error: { name: "N" } }, /update 1: N/],
    ["success as a text", [{ success: "false" }], /1 of 1/],
    ["success as a number", [{ success: 0 }], /1 of 1/],
    ["success in capitals", [{ success: "FALSE" }], /1 of 1/],
    ["a list in a list", [[{ success: false, error: { name: "E" } }]], /update 1: E/],
    ["a list under a name", { results: [{ success: false, error: { name: "E" } }] }, /update 1: E/],
    ["words in the list", ["FieldConstraintException: not unique"], /update 1: .*not unique/],
    ["words alone", "FieldConstraintException: not unique", /update 1: .*not unique/],
    ["errors", [{ errors: [{ name: "E" }] }], /"name":"E"/],
    ["an import's errors", [{ channel: "de", errorMessages: ["disk full"] }], /disk full/],
    ["an import without errors", [{ channel: "de", errorMessages: [] }], undefined],
    ["good words", "done", undefined],
    ["a success", [{ success: true }], undefined],
    ["an error that is null", [{ success: true, error: null }], undefined],
  ];
  for (const [what, body, said] of failures) {
    it(`do not hide ${what}`, () => {
      const require = () => requireSuccess(readResults(body), { verbose: false });
      if (said) assert.throws(require, said);
      else require();
    });
  }

  const warned = { ...update, warnings: [{ name: "FieldTruncated", description: "Title is too long" }] };
  for (const verbose of [false, true]) {
    it(`are shown by DatabaseSync${verbose ? ", with their stack" : ""}`, () =>
      withHarness("DatabaseSync", { workers: 1 }, async ({ ff, stack, session }) => {
        ff.addDeltas("de", [warned]);
        await stack.up(syncOf(1, { verbose }));
        const stackTrace = verbose ? " \\(at simulated.DeltaUpdate\\(DeltaUpdate.java:1\\)\\)" : "";
        const said = new RegExp(`^worker1, channel de: FieldTruncated: Title is too long${stackTrace}$`);
        assert.match(session.said.warnings.join("\n"), said);
      }));
  }

  it("are shown also where another delta update fails", () =>
    withHarness("DatabaseSync", { workers: 1 }, async ({ ff, stack, session }) => {
      ff.addDeltas("de", [warned, { ...update, rejection: "not unique" }]);
      const { message } = await failureOf(stack.up(syncOf(1)));
      assert.match(message, /1 of 2 delta updates failed: update 2: FieldConstraintException: not unique/);
      assert.match(session.said.warnings.join(), /FieldTruncated: Title is too long/);
    }));

  it("are shown, and failures taken for such, where sync/full answers with results", () =>
    withHarness("NodeSync", {}, async ({ ff, stack, session }) => {
      const answer = (value: unknown) =>
        ff.fault({ kind: "wrongType", value, when: "after", match: { method: "POST" } });
      answer([{ success: true, warnings: [{ name: "W" }] }]);
      await stack.up({ connection: "worker1" });
      assert.deepEqual(session.said.warnings, ["worker1: W"]);
      answer([{ success: false, error: { name: "E", description: "d" } }]);
      const { message } = await failureOf(stack.up({ connection: "worker1", triggers: [1] }));
      assert.match(message, /1 of 1 delta updates failed: update 1: E: d$/);
    }));
});

describe("an ApiError inside a 200", () => {
  const value = { error: "Bad Request", errorDescription: "Parameter 'channel' must be present" };
  const rows: [type: string, inputs: object, method: string][] = [
    ["ConfigVersionReset", {}, "POST"],
    ["NodeSync", { connection: "worker1" }, "POST"],
    ["DatabasePrune", { channel: "de" }, "POST"],
    ["DatabaseSync", syncOf(1), "GET"],
  ];
  for (const [type, inputs, method] of rows) {
    it(`is a failure with its words: ${type}`, () =>
      withHarness(type, {}, async ({ ff, session }) => {
        ff.fault({ kind: "wrongType", value, times: Number.POSITIVE_INFINITY, match: { method } });
        const { message } = await failureOf(session.create({ ...inputs }));
        assert.match(message, /200 with an error: Bad Request: Parameter 'channel' must be present/);
      }));
  }
});
