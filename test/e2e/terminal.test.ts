import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";

const program = join(import.meta.dirname, "terminal-up.ts");

/** Runs the program, in a terminal of its own (util-linux's `script` makes one) or without any. */
function up(inTerminal: boolean): string {
  const { CI: _, ...env } = process.env;
  const command = `"${process.execPath}" "${program}"`;
  const [file, args, extra]: [string, string[], NodeJS.ProcessEnv] = inTerminal
    ? ["script", ["-qefc", command, "/dev/null"], { TERM: "xterm", COLUMNS: "200" }]
    : ["setsid", ["-w", process.execPath, program], {}];
  const shown = execFileSync(file, args, {
    env: { ...env, ...extra },
    encoding: "utf8",
    timeout: 110_000,
    stdio: ["ignore", "pipe", "pipe"],
  });
  return stripVTControlCharacters(shown);
}

describe("the progress of an up on the real CLI", function () {
  this.timeout(120_000);

  it("is shown on the resource's row while it waits, and is gone when it is done", () => {
    const shown = up(true);
    const lines = new Set(shown.match(/maintenance_on running \d+ %/g));
    assert.ok(lines.size >= 2, shown);
    const [, after = ""] = shown.split("Resources:");
    assert.doesNotMatch(after, /maintenance_on/);
    assert.doesNotMatch(shown, /Diagnostics:/);
  });

  it("is one line at the start where there is no terminal", () => {
    const shown = up(false);
    assert.equal(shown.match(/node 2 maintenance_on \w+ \d+ %/g)?.length, 1, shown);
    assert.doesNotMatch(shown, /Diagnostics:/);
  });
});
