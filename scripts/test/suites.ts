import { globSync } from "node:fs";

export interface Suite {
  name: string;
  files: string[];
}

// Which folders of test/ make up which suite, in the order in which they are run: what is quick and near comes first.
const folders: Record<string, string[]> = {
  unit: [],
  simulators: ["simulators"],
  scripts: ["scripts"],
  host: ["host"],
  e2e: ["e2e", "examples"],
  chaos: ["chaos"],
};

/** All tests of the checkout by suite. A folder that no suite names belongs to `unit`, so that none is ever forgotten. */
export function listSuites(root: string): Suite[] {
  const files = globSync("test/**/*.test.ts", { cwd: root }).sort();
  const suiteOf = (file: string) => {
    const [, folder = ""] = file.split(/[\\/]/);
    return Object.keys(folders).find((suite) => folders[suite]?.includes(folder)) ?? "unit";
  };
  return Object.keys(folders)
    .map((name) => ({ name, files: files.filter((file) => suiteOf(file) === name) }))
    .filter((suite) => suite.files.length > 0);
}
