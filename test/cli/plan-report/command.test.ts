import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readToken } from "../../../provider/core/data/approval.ts";
import { type Previewed, preview } from "./preview.ts";

const main = join(import.meta.dirname, "../../../cli/main.ts");
const node: Previewed = {
  name: "Größe-2",
  type: "redis:NodeMaintenance",
  said: [["info", "node 2: maintenance_on"]],
  facts: { "node 2": "free" },
};

function run(input: string | Uint8Array, ...args: string[]) {
  return spawnSync(process.execPath, [main, ...args], { input, encoding: "utf8" });
}

describe("pulumi-clusterops plan-report", () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "clusterops-plan-report-"));
  });
  after(() => rmSync(folder, { recursive: true }));

  it("writes the report to standard output, whatever encoding a shell has redirected in", () => {
    for (const bytes of [Buffer.from(preview([node])), Buffer.from(`\ufeff${preview([node])}`, "utf16le")]) {
      const { status, stdout, stderr } = run(bytes, "plan-report");
      assert.deepEqual([status, stderr], [0, ""]);
      assert.match(stdout, /`Größe-2`/);
    }
  });

  it("reads a file, and writes the report and the fingerprint to others", () => {
    const [from, to, token] = ["preview.json", "report.md", "fingerprint"].map((name) =>
      join(folder, name),
    ) as [string, string, string];
    writeFileSync(from, preview([node]));
    const { status, stdout } = run("", "plan-report", from, "-o", to, "--fingerprint", token);
    assert.deepEqual([status, stdout], [0, ""]);
    const text = readFileSync(token, "utf8");
    assert.ok(readFileSync(to, "utf8").includes(text.trim()));
    assert.equal(readToken(text)?.program, "shop/prod");
  });

  it("fails where it is asked for a fingerprint and there is none, with the report written", () => {
    const [to, token] = [join(folder, "refused.md"), join(folder, "no-fingerprint")];
    const untold = preview([{ ...node, facts: undefined }]);
    const { status, stderr } = run(untold, "plan-report", "-o", to, "--fingerprint", token);
    assert.equal(status, 2);
    assert.match(stderr, /^no fingerprint: Größe-2: nothing was said of what was looked at/);
    assert.ok(existsSync(to) && !existsSync(token));
  });

  for (const [typed, said] of [
    ["plan", "no command plan: did you mean plan-report?"],
    ["rehearsal", "no command rehearsal: did you mean rehearse?"],
    ["deploy", "no command deploy"],
  ] as const)
    it(`is not what ${typed} means, and that is said`, () => {
      const { status, stderr } = run("", typed);
      assert.deepEqual([status, stderr.split("\n")[0]], [2, said]);
      assert.match(stderr, /^Usage: /m);
    });

  it("is told of by the command's own help, beside the timeline", () => {
    const { status, stdout } = run("", "--help");
    assert.equal(status, 0);
    assert.match(stdout, /^ {2}timeline .*\n {2}plan-report /m);
    assert.match(run("", "plan-report", "--help").stdout, /^Usage: pulumi-clusterops plan-report/);
    assert.match(run("", "constructor").stderr, /^Usage: pulumi-clusterops <command>/m);
  });
});
