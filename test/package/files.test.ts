import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";

const root = join(import.meta.dirname, "..", "..");
const files = globSync("{runtime,provider,sdk,doors,simulators,cli,scripts,test}/**/*.ts", { cwd: root }).map(
  (path) => ({
    path,
    text: readFileSync(join(root, path), "utf8"),
  }),
);

describe("source files, tests too,", () => {
  it("are there", () => assert.ok(files.length > 100));

  const rows: [what: string, isWrong: (text: string) => boolean][] = [
    ["have at most 250 lines: a bigger one is two ideas", (text) => text.trimEnd().split("\n").length > 250],
    ["name what they pass on: no export *", (text) => /^export \* from/m.test(text)],
  ];
  for (const [what, isWrong] of rows) {
    it(what, () =>
      assert.deepEqual(
        files.filter(({ text }) => isWrong(text)).map(({ path }) => path),
        [],
      ),
    );
  }
});
