import assert from "node:assert/strict";
import { existsSync, mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { buildIfStale } from "../../scripts/quickstart/build-if-stale.ts";

/** Seconds since the epoch at which a file was changed; undefined: there is none. */
type Times = { source: number; sourceOf?: string; other?: number; built?: number };

describe("npm start builds", () => {
  const table: [string, Times, boolean][] = [
    ["when nothing has been built", { source: 100 }, true],
    ["when a source is newer than what was built", { source: 300, built: 200 }, true],
    ...["runtime/index.ts", "cli/index.ts", "scripts/build/index.js"].map(
      (sourceOf): [string, Times, boolean] => [
        `when ${sourceOf} is`,
        { source: 300, sourceOf, built: 200 },
        true,
      ],
    ),
    [
      "not when only what the build itself makes is",
      { source: 300, sourceOf: "provider/generated/index.ts", built: 200 },
      false,
    ],
    ["when package.json is", { source: 100, other: 300, built: 200 }, true],
    ["not when what was built is newer", { source: 100, other: 150, built: 200 }, false],
  ];
  for (const [when, { source, sourceOf = "provider/index.ts", other = 1, built }, isBuilt] of table) {
    it(when, async () => {
      const root = mkdtempSync(join(tmpdir(), "clusterops-stale-"));
      try {
        for (const folder of ["scripts", "dist/provider", dirname(sourceOf)])
          mkdirSync(join(root, folder), { recursive: true });
        writeFileSync(
          join(root, "scripts/build.ts"),
          `import { writeFileSync } from "node:fs"; writeFileSync("mark", "");`,
        );
        utimesSync(join(root, "scripts/build.ts"), 1, 1);
        const files = { [sourceOf]: source, "package.json": other, "dist/provider/index.js": built };
        for (const [file, time] of Object.entries(files)) {
          if (time === undefined) continue;
          writeFileSync(join(root, file), '{ "type": "module" }');
          utimesSync(join(root, file), time, time);
        }
        await buildIfStale(root);
        assert.equal(existsSync(join(root, "mark")), isBuilt);
      } finally {
        rmSync(root, { recursive: true });
      }
    });
  }
});
