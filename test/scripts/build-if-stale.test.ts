import assert from "node:assert/strict";
import { existsSync, mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildIfStale } from "../../scripts/quickstart/build-if-stale.ts";

/** Seconds since the epoch at which a file was changed; undefined: there is none. */
type Times = { source: number; other?: number; built?: number };

describe("npm start builds", () => {
  const table: [string, Times, boolean][] = [
    ["when nothing has been built", { source: 100 }, true],
    ["when a source is newer than what was built", { source: 300, built: 200 }, true],
    ["when package.json is", { source: 100, other: 300, built: 200 }, true],
    ["not when what was built is newer", { source: 100, other: 150, built: 200 }, false],
  ];
  for (const [when, { source, other = 1, built }, isBuilt] of table) {
    it(when, async () => {
      const root = mkdtempSync(join(tmpdir(), "clusterops-stale-"));
      try {
        for (const folder of ["provider", "scripts", "dist/provider"])
          mkdirSync(join(root, folder), { recursive: true });
        writeFileSync(
          join(root, "scripts/build.ts"),
          `import { writeFileSync } from "node:fs"; writeFileSync("mark", "");`,
        );
        const files = { "provider/index.ts": source, "package.json": other, "dist/provider/index.js": built };
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
