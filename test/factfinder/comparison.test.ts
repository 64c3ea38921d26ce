import assert from "node:assert/strict";
import type { DatabaseState } from "../../provider/factfinder/client.ts";
import { type DirectorState, differences, isInSync } from "../../provider/factfinder/comparison.ts";

const director = (databaseVersion: number, deltaVersion: number): DirectorState => ({
  databaseVersion,
  deltaVersion,
});

describe("a node compared with its director", () => {
  type Row = [
    what: string,
    node: DatabaseState,
    earlier: DirectorState,
    later: DirectorState,
    inSync: boolean,
  ];
  const rows: Row[] = [
    ["at both versions", director(41, 7), director(41, 7), director(41, 7), true],
    [
      "at both, with errors",
      { ...director(41, 7), deltaErrorCount: 3 },
      director(41, 7),
      director(41, 7),
      true,
    ],
    ["a delta update behind", director(41, 6), director(41, 7), director(41, 7), false],
    ["a delta update ahead", director(41, 8), director(41, 7), director(41, 7), false],
    ["a database behind", director(40, 7), director(41, 7), director(41, 7), false],
    ["a database ahead", director(42, 0), director(41, 7), director(41, 7), false],
    ["without deltaVersion", { databaseVersion: 41 }, director(41, 7), director(41, 7), false],
    ["without databaseVersion", { deltaVersion: 7 }, director(41, 7), director(41, 7), false],
    ["without anything", {}, director(41, 7), director(41, 7), false],
    ["where it was, while it went on", director(41, 7), director(41, 7), director(41, 9), true],
    ["where it was on its way", director(41, 8), director(41, 7), director(41, 9), true],
    ["beyond where it has got to", director(41, 10), director(41, 7), director(41, 9), false],
    ["at its new database", director(42, 0), director(41, 7), director(42, 0), true],
    ["behind in its new database", director(42, 0), director(41, 7), director(42, 1), false],
    ["at its former database", director(41, 7), director(41, 7), director(42, 0), false],
  ];
  for (const [what, node, earlier, later, inSync] of rows)
    it(`is ${inSync ? "" : "not "}in sync ${what}`, () =>
      assert.equal(isInSync(node, earlier, later), inSync));

  const words: [node: DatabaseState, text: string][] = [
    [director(41, 6), "deltaVersion 6 instead of 7"],
    [director(40, 9), "databaseVersion 40 instead of 41"],
    [{ databaseVersion: 41 }, "deltaVersion unknown instead of 7"],
    [{}, "databaseVersion unknown instead of 41"],
  ];
  for (const [node, text] of words)
    it(`differs by ${text}`, () => assert.equal(differences(node, director(41, 7)), text));
});
