import { globSync } from "node:fs";
import { join } from "node:path";

export interface Suite {
  name: string;
  files: string[];
  /** How many files are run at a time, each in a process that mocha ends. Default 1. */
  jobs?: number;
  /** A module that mocha loads before the tests. */
  require?: string;
  /** More variables of its environment. */
  env?: NodeJS.ProcessEnv;
  /** Computes rather than waits, and lets those beside it go first, whose deadlines are short. Default false. */
  givesWay?: boolean;
}

type Kind = Omit<Suite, "name" | "files"> & {
  /** Which of the files of test/ are in it, e.g. `e2e/killed`. A file is in the first suite that wants it. */
  has: RegExp;
  /** Files that take longest, to be begun first. */
  first?: string[];
};

/** Tests that mostly wait run in time-lapse: so many times as fast as they say. Less than one: in slow motion. */
const timeLapse = (times: number) => ({
  require: "./test/support/time-lapse.ts",
  env: { TIME_LAPSE: String(times) },
});

/**
 * The suites, by stage: a stage begins when the one before has ended. In a stage lanes run side by side, the suites of each lane one after
 * the other. The quick ones come first; what waits runs beside what computes.
 */
const stages: Record<string, Kind>[][] = [
  [
    {
      failovers: { has: /^tcf\//, jobs: 3, ...timeLapse(4) },
      rules: { has: /(^|\/)rules$|^rules\//, jobs: 3, ...timeLapse(2) },
      simulators: { has: /^simulators\// },
    },
    // A folder that no other suite names is here, so that no test is forgotten.
    { unit: { has: /^(?!(e2e|examples|secrets|scripts|simulation|doors|chaos)\/)/, jobs: 4 } },
    // The others of this stage wait two thirds of their time.
    {
      simulation: { has: /^simulation\//, givesWay: true },
      scripts: { has: /^scripts\//, givesWay: true },
    },
  ],
  [
    // The CLI computes for a second or two at each start: these keep both cores busy.
    {
      e2e: {
        has: /^(e2e|examples|secrets)\//,
        jobs: 3,
        givesWay: true,
        first: [
          "examples/go-maintenance",
          "examples/newcomer",
          "examples/python-failover",
          "e2e/rehearse",
          "examples/quickstart",
          "examples/newcomer-elsewhere",
          "e2e/approved",
          "e2e/native",
          "e2e/targeted",
          "e2e/golden",
          "examples/commonjs-typescript",
          "examples/declarative-failover",
        ],
      },
    },
    // Wait more than they compute.
    {
      host: { has: /^doors\//, jobs: 2 },
      // Its time-outs are short: beside other work they mean something in slow motion only.
      chaos: { has: /^chaos\//, ...timeLapse(1 / 2) },
    },
  ],
];

/** All tests of the checkout by stage, lane and suite. */
export function listStages(root: string): Suite[][][] {
  const left = new Set(
    globSync("**/*.test.ts", { cwd: join(root, "test") }).map((file) => file.replaceAll("\\", "/")),
  );
  const suite = (name: string, { has, first = [], ...how }: Kind): Suite => {
    const titleOf = (file: string) => file.slice(0, -".test.ts".length);
    const own = [...left].filter((file) => has.test(titleOf(file))).sort();
    for (const file of own) left.delete(file);
    const rank = (file: string) =>
      first.includes(titleOf(file)) ? first.indexOf(titleOf(file)) : first.length;
    return {
      name,
      files: own.sort((a, b) => rank(a) - rank(b)).map((file) => join("test", file)),
      ...how,
    };
  };
  return stages.map((lanes) => lanes.map((lane) => Object.entries(lane).map((entry) => suite(...entry))));
}
