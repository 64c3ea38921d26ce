import assert from "node:assert/strict";
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { execa } from "execa";

const root = join(import.meta.dirname, "..", "..");

const refused = [
  "export const x = Date.now();",
  "export const x = items.map(Date.now);",
  "export const x = new Date();",
  "export const x = new Date;",
  "export const x = Date();",
  "export const x = performance.now();",
  "export const x = Math.random();",
  "export const x = AbortSignal.timeout(5);",
  "setTimeout(work, 5);",
  "globalThis.setTimeout(work, 5);",
  "setInterval(work, 5);",
  "setImmediate(work);",
  "export const x = crypto.randomUUID();",
  'export { setTimeout as sleep } from "node:timers/promises";',
  'export { setTimeout as sleep } from "timers";',
  'export { performance as p } from "node:perf_hooks";',
  'import { createHash, randomUUID } from "node:crypto";',
];
const taken = [
  "export const x = new Date(5).toISOString();",
  'export const x = Date.parse("2026-11-26T00:00:00Z");',
  'export { createHash } from "node:crypto";',
  "export const x = clock.now();",
];
const elsewhere: [path: string, isRefused: boolean][] = [
  ["provider/redis/example.ts", true],
  ["doors/dynamic/example.ts", true],
  ["sdk/example.ts", true],
  ["provider/core/data/clock.ts", false],
  ["scripts/example.ts", false],
];

describe("the lint rule that leaves time, timers and randomness to the clock", () => {
  const fileOf = (line: string) => `provider/line-${[...refused, ...taken].indexOf(line)}.ts`;
  let folder: string;
  let said: string[];

  before(async function () {
    this.timeout(60_000);
    folder = mkdtempSync(join(tmpdir(), "clock-lint-"));
    const write = (path: string, text: string) => {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), `${text}\n`);
    };
    cpSync(join(root, "biome.json"), join(folder, "biome.json"));
    cpSync(join(root, "scripts", "lint"), join(folder, "scripts", "lint"), { recursive: true });
    for (const line of [...refused, ...taken]) write(fileOf(line), line);
    for (const [path] of elsewhere) write(path, "export const x = Date.now();");
    const { stdout } = await execa(
      join(root, "node_modules", ".bin", "biome"),
      ["lint", "--vcs-enabled=false", "--reporter=github", "--max-diagnostics=none", "."],
      { cwd: folder, reject: false },
    );
    said = stdout
      .split("\n")
      .filter((line) => /Use provider\/core\/data\/clock\.ts|noRestrictedGlobals/.test(line));
  });
  after(() => rmSync(folder, { recursive: true }));

  const isRefused = (path: string) => said.some((line) => line.includes(`/${path},`));

  for (const line of refused)
    it(`refuses ${line}`, () => assert.ok(isRefused(fileOf(line)), said.join("\n")));
  for (const line of taken) it(`allows ${line}`, () => assert.ok(!isRefused(fileOf(line)), said.join("\n")));
  for (const [path, expected] of elsewhere)
    it(`${expected ? "holds" : "does not hold"} in ${path}`, () => assert.equal(isRefused(path), expected));
});
