import assert from "node:assert/strict";
import manifest from "../../package.json" with { type: "json" };

/** What a fresh clone does not have: the validators are made of the interfaces by the build. */
const needBuild = ["bench", "chaos", "simulate", "package:terraform"] as const;

describe("the scripts of the package", () => {
  for (const name of needBuild)
    it(`build first: npm run ${name} works in a fresh clone after npm ci`, () => {
      assert.match(manifest.scripts[name], /^npm run --silent build && node /);
    });

  it("are known to this test, where they play the provider", () => {
    const plays = Object.entries(manifest.scripts).filter(([, line]) => /test\/\w+\/run\.ts/.test(line));
    assert.deepEqual(
      plays.map(([name]) => name).filter((name) => !(needBuild as readonly string[]).includes(name)),
      [],
    );
  });
});
