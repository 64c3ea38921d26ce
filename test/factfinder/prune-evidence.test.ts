import assert from "node:assert/strict";
import { judgeRise, type PruneMark } from "../../provider/factfinder/prune-evidence.ts";

describe("a risen databaseVersion", () => {
  const none = { DATA: 3, SUGGEST: 1 };
  const recorded = (imports?: PruneMark["imports"]): PruneMark => ({ databaseVersion: 41, imports });
  const now = (databaseVersion: number, imports: Required<PruneMark>["imports"] = none) => ({
    databaseVersion,
    imports,
  });
  type Kind = "landed" | "absent" | "open";
  type Row = [
    what: string,
    before: PruneMark,
    now: Required<PruneMark>,
    unanswered: Kind,
    answered: Kind,
    words?: RegExp,
  ];
  const rows: Row[] = [
    ["that has not risen", recorded(none), now(41), "absent", "absent"],
    ["that has fallen", recorded(none), now(12), "absent", "absent"],
    ["that has not risen although an import ended", recorded(none), now(41, { DATA: 4 }), "absent", "absent"],
    ["without an import", recorded(none), now(42), "landed", "landed"],
    ["by more than one without an import", recorded(none), now(44), "landed", "landed"],
    [
      "with an import",
      recorded(none),
      now(42, { ...none, DATA: 4 }),
      "open",
      "open",
      /import ended .*DATA 3 -> 4/,
    ],
    [
      "by more than its imports",
      recorded(none),
      now(43, { ...none, DATA: 4 }),
      "open",
      "landed",
      /DATA 3 -> 4/,
    ],
    [
      "with imports of several types",
      recorded(none),
      now(43, { DATA: 4, SUGGEST: 2 }),
      "open",
      "open",
      /DATA 3 -> 4, SUGGEST 1 -> 2/,
    ],
    [
      "with an import of a type that is new",
      recorded(none),
      now(42, { ...none, GEO: 1 }),
      "open",
      "open",
      /GEO 0 -> 1/,
    ],
    [
      "with a new type that was not imported",
      recorded(none),
      now(42, { ...none, GEO: 0 }),
      "landed",
      "landed",
    ],
    [
      "with counts that fell, as after a restart",
      recorded(none),
      now(42, { DATA: 0, SUGGEST: 0 }),
      "open",
      "landed",
      /is not told/,
    ],
    ["with a type that is gone", recorded(none), now(42, { DATA: 3 }), "open", "landed", /is not told/],
    [
      "with counts that are not told now",
      recorded(none),
      now(42, "unknown"),
      "open",
      "landed",
      /is not told/,
    ],
    ["with counts that were not told", recorded("unknown"), now(42), "open", "landed", /is not told/],
    ["recorded by 0.1.0", recorded(), now(42), "landed", "landed", /recorded no import counts/],
  ];
  for (const [what, mark, present, unanswered, answered, words] of rows) {
    it(`${what} says of a prune: ${unanswered}, and once the director has accepted it: ${answered}`, () => {
      const without = judgeRise(mark, present, { isAnswered: false });
      const withAnswer = judgeRise(mark, present, { isAnswered: true });
      assert.deepEqual([without.kind, withAnswer.kind], [unanswered, answered]);
      const said = [without, withAnswer].flatMap((it) =>
        it.kind === "open" ? it.why : "doubt" in it ? it.doubt : [],
      );
      assert.equal(words?.test(said.join()) ?? said.length === 0, true, said.join());
    });
  }
});
