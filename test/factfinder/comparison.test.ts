import assert from "node:assert/strict";
import type { DatabaseState } from "../../provider/factfinder/client.ts";
import { type DirectorState, differences, gapsOf, isInSync } from "../../provider/factfinder/comparison.ts";

const director = (databaseVersion: number, deltaVersion: number): DirectorState => ({
  databaseVersion,
  deltaVersion,
});

const only = (databaseVersion: number): DirectorState => ({ databaseVersion });

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
    [
      "by databaseVersion alone, without deltaVersion",
      { databaseVersion: 41 },
      director(41, 7),
      director(41, 7),
      true,
    ],
    [
      "at another database, without deltaVersion",
      { databaseVersion: 40 },
      director(41, 7),
      director(41, 7),
      false,
    ],
    [
      "by databaseVersion alone, its director without deltaVersion",
      director(41, 3),
      only(41),
      only(41),
      true,
    ],
    ["at another database, its director without deltaVersion", director(40, 7), only(41), only(41), false],
    ["by databaseVersion alone, neither with deltaVersion", only(41), only(41), only(41), true],
    ["behind what the director tells only later", director(41, 6), only(41), director(41, 7), false],
    ["behind what the director told only earlier", director(41, 6), director(41, 7), only(41), false],
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
    [{ databaseVersion: 41 }, "no difference"],
    [{}, "databaseVersion unknown instead of 41"],
  ];
  for (const [node, text] of words)
    it(`differs by ${text}`, () => assert.equal(differences(node, director(41, 7)), text));
});

describe("what a comparison rests on", () => {
  const whole = { ...director(41, 7), deltaErrorCount: 0 };
  const without = (field: keyof DatabaseState): DatabaseState =>
    Object.fromEntries(Object.entries(whole).filter(([name]) => name !== field));
  const nodes = (...states: (DatabaseState | undefined)[]) =>
    states.map((database, index) => ({ label: `worker${index + 1}`, database }));
  const alone = "compared by databaseVersion alone";
  const rows: [what: string, director: DirectorState, nodes: ReturnType<typeof nodes>, said: string[]][] = [
    ["nothing where all is told", whole, nodes(whole, whole), []],
    ["nothing of a node that cannot be read", whole, nodes(whole, undefined), []],
    [
      "the director's deltaVersion once, however many nodes there are",
      only(41),
      nodes(whole, without("deltaVersion")),
      [`${alone}: the director tells no deltaVersion; missing delta updates would not show`],
    ],
    [
      "the nodes without deltaVersion",
      whole,
      nodes(without("deltaVersion"), whole, without("deltaVersion")),
      [`${alone}: worker1, worker3 tell no deltaVersion; missing delta updates would not show`],
    ],
    [
      "a node without databaseVersion, whatever else it leaves out",
      whole,
      nodes(whole, { deltaErrorCount: 0 }),
      ["worker2 tells no databaseVersion, so it is not seen to be in sync"],
    ],
    [
      "a node without deltaErrorCount",
      whole,
      nodes(without("deltaErrorCount")),
      ["worker1 tells no deltaErrorCount; rejected delta updates would not show"],
    ],
  ];
  for (const [what, state, compared, said] of rows)
    it(`names ${what}`, () =>
      assert.deepEqual(
        gapsOf("de", state, compared),
        said.map((text) => `channel de: ${text}`),
      ));
});
