import { globSync } from "node:fs";

export interface Suite {
  name: string;
  files: string[];
  /** How many files are run at a time, each in a process that mocha ends. Default 1. */
  jobs?: number;
}

// The folders of test/ in each suite. Suites run in this order, the quick ones first.
const folders: Record<string, string[]> = {
  unit: [],
  simulation: ["simulation"],
  simulators: ["simulators"],
  scripts: ["scripts"],
  host: ["doors"],
  e2e: ["e2e", "examples", "secrets"],
  chaos: ["chaos"],
};

// Unit tests mostly wait for simulators; e2e for the CLI, which itself keeps one core busy for a second or two at each start.
const jobs: Record<string, number> = { unit: 4, e2e: 2 };

/** All tests of the checkout by suite. A folder that no suite names belongs to `unit`, so that none is forgotten. */
export function listSuites(root: string): Suite[] {
  const files = globSync("test/**/*.test.ts", { cwd: root }).sort();
  const suiteOf = (file: string) => {
    const [, folder = ""] = file.split(/[\\/]/);
    return Object.keys(folders).find((suite) => folders[suite]?.includes(folder)) ?? "unit";
  };
  return Object.keys(folders)
    .map((name) => ({ name, files: files.filter((file) => suiteOf(file) === name), jobs: jobs[name] }))
    .filter((suite) => suite.files.length > 0);
}
