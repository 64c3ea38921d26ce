import assert from "node:assert/strict";
import {
  type Imports,
  judgeRise,
  type PruneAnswer,
} from "../../provider/factfinder/database-prune/evidence.ts";

const none = { DATA: 3, SUGGEST: 1 };
const answers = ["success", "failure", "lost", "refused"] as const;

describe("a databaseVersion after a prune", () => {
  type Verdict = "landed" | "a warning" | "open" | "absent";
  type Row = [
    what: string,
    before: Imports | undefined,
    now: Imports,
    verdicts: [success: Verdict, failure: Verdict, lost: Verdict, refused: Verdict],
    words?: RegExp,
  ];
  const unchanged: Row[3] = ["landed", "a warning", "landed", "a warning"];
  const rose: Row[3] = ["open", "open", "open", "absent"];
  const untold: Row[3] = ["a warning", "open", "open", "absent"];
  const notTold = /whether an import ended meanwhile is not told/;
  const rows: Row[] = [
    ["unchanged import counts", none, none, unchanged, /no import ended meanwhile/],
    ["a type that is new and was not imported", none, { ...none, GEO: 0 }, unchanged, /no import ended/],
    ["a count that rose", none, { ...none, DATA: 4 }, rose, /an import ended meanwhile \(DATA 3 -> 4\)/],
    ["counts that rose", none, { DATA: 4, SUGGEST: 2 }, rose, /\(DATA 3 -> 4, SUGGEST 1 -> 2\)/],
    ["a type that is new", none, { ...none, GEO: 1 }, rose, /\(GEO 0 -> 1\)/],
    ["counts that fell, as after a restart", none, { DATA: 0, SUGGEST: 0 }, untold, notTold],
    ["a type that is gone", none, { DATA: 3 }, untold, notTold],
    ["counts that are not told now", none, "unknown", untold, notTold],
    ["counts that were not told before", "unknown", none, untold, notTold],
    [
      "a record of 0.1.0, which has no counts",
      undefined,
      none,
      ["a warning", "a warning", "a warning", "absent"],
      /an earlier version recorded no import counts/,
    ],
  ];
  const said: Record<PruneAnswer, RegExp> = {
    success: /the director accepted the prune$/,
    failure: /said that it had failed$/,
    lost: /was lost$/,
    refused: /turned away, so this one or another was carried out all the same$/,
    unsent: /never/,
  };
  const judge = (before: Imports | undefined, now: Imports, version: number, answer: PruneAnswer) =>
    judgeRise({ databaseVersion: 41, imports: before }, { databaseVersion: version, imports: now }, answer);

  for (const [what, before, now, verdicts, words] of rows) {
    for (const [index, answer] of answers.entries()) {
      it(`that rose with ${what} and an answer of ${answer} means: ${verdicts[index]}`, () => {
        for (const version of [42, 44]) {
          const evidence = judge(before, now, version, answer);
          const doubt = "landed" in evidence ? evidence.landed.doubt : undefined;
          assert.equal(doubt === undefined ? Object.keys(evidence)[0] : "a warning", verdicts[index]);
          if ("open" in evidence) assert.match(evidence.open, words ?? /./);
          if (doubt !== undefined) assert.match(doubt, words ?? /./);
          if (doubt !== undefined && before !== undefined) assert.match(doubt, said[answer]);
        }
      });
    }

    it(`that rose with ${what} is another's where no prune was sent`, () => {
      assert.deepEqual(judge(before, now, 42, "unsent"), { absent: true });
    });

    it(`that has not risen, with ${what}, is no evidence of a prune`, () => {
      for (const answer of answers)
        for (const version of [41, 12])
          assert.deepEqual(judge(before, now, version, answer), { absent: true });
    });
  }

  it("that another endpoint tells is explained by no count: it may be another node's", () => {
    const before = { databaseVersion: 41, imports: none, from: "http://a" };
    const now = { databaseVersion: 42, imports: none, from: "http://b" };
    const verdicts = answers.map((answer) => judgeRise(before, now, answer));
    assert.deepEqual(
      verdicts.flatMap((verdict) => Object.keys(verdict)),
      ["landed", "open", "open", "absent"],
    );
    assert.match(JSON.stringify(verdicts), /from http:\/\/a before and from http:\/\/b now/);
  });
});
