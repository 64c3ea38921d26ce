import assert from "node:assert/strict";
import { type SpawnSyncReturns, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { exported, node, unfinished } from "./stack.ts";

const main = join(import.meta.dirname, "../../../cli/main.ts");
const text = JSON.stringify(
  exported(node(1, 0, 20), { ...node(2, 60, 20), urn: "urn:pulumi:prod::shop::t::Größe-2" }),
);

function run(input: string | Uint8Array, ...args: string[]): SpawnSyncReturns<string> {
  return spawnSync(process.execPath, [main, "timeline", ...args], { input, encoding: "utf8" });
}

describe("pulumi-clusterops timeline", () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "clusterops-timeline-"));
  });
  after(() => rmSync(folder, { recursive: true }));

  const utf16le = Buffer.from(text, "utf16le");
  const encodings: Record<string, Uint8Array> = {
    "UTF-8": Buffer.from(text),
    "UTF-8 with a byte order mark": Buffer.from(`\ufeff${text}`),
    "UTF-16, as PowerShell 5 writes it": Buffer.from(`\ufeff${text}\r\n`, "utf16le"),
    "UTF-16 without a mark": utf16le,
    "big-endian UTF-16": Buffer.from(`\ufeff${text}`, "utf16le").swap16(),
    "big-endian UTF-16 without a mark": Buffer.from(utf16le).swap16(),
    "Windows' own encoding": Buffer.from(text, "latin1"),
  };
  for (const [encoding, bytes] of Object.entries(encodings)) {
    it(`reads a stack export in ${encoding}`, () => {
      const { status, stdout, stderr } = run(bytes);
      assert.equal(stderr, "");
      assert.equal(status, 0);
      assert.match(stdout, /node-1/);
      assert.match(stdout, /Größe-2/);
    });
  }

  it("reads a file and writes one", () => {
    const [from, to] = [join(folder, "stack.json"), join(folder, "page.html")];
    writeFileSync(from, text);
    const { status, stdout } = run("", from, "--output", to);
    assert.deepEqual([status, stdout], [0, ""]);
    assert.match(readFileSync(to, "utf8"), /node-1/);
  });

  it("leaves out with --since what ended before, and says so; what is unfinished stays", () => {
    const input = JSON.stringify(exported(node(1, 0, 20), node(2, 60, 20), unfinished));
    // A time in the future is refused: this stack's clock is ahead of the one that reads it.
    const past = input.replaceAll("2030-01-01", "2020-01-01");
    const { stdout } = run(past, "--since", "2020-01-01T22:01:10Z");
    assert.match(stdout, /Since 2020-01-01 22:01:10 UTC; 1 older piece of work left out\./);
    assert.doesNotMatch(stdout, /node-1/);
    assert.match(stdout, /node-2/);
    assert.match(stdout, /orders/);
  });

  it("says that nothing is left where --since leaves nothing", () => {
    const { stdout } = run(text.replaceAll("2030-01-01", "2020-01-01"), "--since", "1h");
    assert.match(stdout, /2 older pieces of work left out/);
    assert.match(stdout, /No work recorded/);
  });

  it("has the clock times of a zone", () => {
    assert.match(
      run(text, "--time-zone", "Asia/Kolkata").stdout,
      /03:30:03 – .*Asia\/Kolkata \(UTC\+05:30\)/,
    );
  });

  const refused: [what: string, input: string, args: string[], message: RegExp][] = [
    ["what is no stack export", "{}", [], /^this is not a stack export: run pulumi stack export\n$/],
    ["what is no JSON", "error: no stack", [], /^this is not a stack export, which is JSON/],
    ["nothing at all", "", [], /^this is not a stack export, which is JSON/],
    ["a time that is none", text, ["--since", "yesterday"], /^--since yesterday: write a duration/],
    ["a zone that is none", text, ["--time-zone", "Mars"], /^--time-zone Mars: there is no such time zone/],
    ["an option that it has not", text, ["--form", "x"], /--form/],
    ["two files", text, ["a.json", "b.json"], /one stack export at a time/],
    ["a file that is not there", text, ["nowhere.json"], /nowhere\.json/],
  ];
  for (const [what, input, args, message] of refused) {
    it(`refuses ${what}, with a message and code 2`, () => {
      const { status, stdout, stderr } = run(input, ...args);
      assert.equal(status, 2);
      assert.equal(stdout, "");
      assert.match(stderr, message);
      assert.doesNotMatch(stderr, /\n\s+at /);
    });
  }
});
