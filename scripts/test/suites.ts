import { globSync } from "node:fs";

export interface Suite {
  name: string;
  files: string[];
  /** How many files are run at a time, each in a process that mocha ends. Default 1. */
  jobs?: number;
  /** A module that mocha loads before the tests. */
  require?: string;
}

type Kind = Omit<Suite, "name" | "files"> & {
  /** The folders of test/ in it. */
  folders: string[];
  /** Files that take longest, to be begun first. */
  first?: string[];
};

/**
 * The suites, by stage: a stage begins when the one before has ended. In a stage lanes run side by side, the suites of each lane one after
 * the other. The quick ones come first; what waits runs beside what computes; the fault matrix, whose time-outs are short, alone.
 */
const stages: Record<string, Kind>[][] = [
  [
    // Mostly wait for simulators. What no suite names belongs to `unit`, so that none is forgotten.
    { unit: { folders: [], jobs: 4 } },
    // Wait for minutes in sum.
    {
      failovers: { folders: ["tcf"], jobs: 3, require: "./test/support/time-lapse.ts" },
      simulators: { folders: ["simulators"] },
    },
  ],
  [
    // Wait for the CLI, which itself keeps one core busy for a second or two at each start.
    {
      e2e: {
        folders: ["e2e", "examples", "secrets"],
        jobs: 3,
        first: [
          "e2e/native",
          "examples/newcomer",
          "e2e/killed",
          "e2e/targeted",
          "e2e/golden",
          "examples/quickstart",
        ],
      },
    },
    {
      scripts: { folders: ["scripts"] },
      simulation: { folders: ["simulation"] },
      host: { folders: ["doors"] },
    },
  ],
  [{ chaos: { folders: ["chaos"] } }],
];

/** All tests of the checkout by stage, lane and suite. */
export function listStages(root: string): Suite[][][] {
  const files = globSync("test/**/*.test.ts", { cwd: root }).map((file) => file.replaceAll("\\", "/"));
  const named = new Set(
    stages.flat().flatMap((lane) => Object.values(lane).flatMap(({ folders }) => folders)),
  );
  const suite = (name: string, { folders, first = [], ...how }: Kind): Suite => {
    const isIn = ([, folder = ""]: string[]) =>
      folders.length > 0 ? folders.includes(folder) : !named.has(folder);
    const rank = (file: string) => {
      const at = first.findIndex((each) => file === `test/${each}.test.ts`);
      return at < 0 ? first.length : at;
    };
    const own = files.filter((file) => isIn(file.split("/"))).sort();
    return { name, files: own.sort((a, b) => rank(a) - rank(b)), ...how };
  };
  return stages.map((lanes) => lanes.map((lane) => Object.entries(lane).map((entry) => suite(...entry))));
}
