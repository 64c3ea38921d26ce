import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { execa } from "execa";
import manifest from "../../package.json" with { type: "json" };
import { tooOld } from "../../runtime/node-version.ts";
import { built } from "../support/built.ts";

const root = join(import.meta.dirname, "..", "..");

/** A Node.js on PATH that is too old, if this machine has one: the checkout's own comes first there. */
function oldNode(): string | undefined {
  return (process.env.PATH ?? "")
    .split(delimiter)
    .map((folder) => join(folder, "node"))
    .filter((path) => !path.includes("node_modules") && existsSync(path))
    .find((path) => tooOld(execFileSync(path, ["--version"], { encoding: "utf8" }).trim().slice(1)));
}

describe("a Node.js that is too old", () => {
  const sentence =
    /^(Error: )?pulumi-clusterops needs Node\.js 22\.19\.0 or newer, and this is \d[\d.]+ \(.*\): install a newer one, or put it first on PATH$/;

  for (const [version, isOld] of [
    ["20.20.2", true],
    ["22.9.0", true],
    ["22.18.9", true],
    ["22.19.0", false],
    ["22.20.1", false],
    ["24.0.0", false],
    ["100.0.0", false],
  ] as const)
    it(`${version}: ${isOld}`, () => assert.equal(tooOld(version) !== undefined, isOld));

  it("is one that package.json does not name either", () => {
    const [, minimum = ""] = /^>=(.*)$/.exec(manifest.engines.node) ?? [];
    assert.equal(tooOld(`${minimum}.0`), undefined);
    const [major = 0, minor = 0] = minimum.split(".").map(Number);
    assert.ok(tooOld(`${major}.${minor - 1}.99`));
  });

  describe("is told so in one sentence", function () {
    this.timeout(60_000);
    let old: string;
    before(async function () {
      await built.call(this);
      const found = oldNode();
      if (found === undefined) {
        console.log("      (this machine has no old Node.js)");
        return this.skip();
      }
      old = found;
    });

    for (const [entry, target] of Object.entries(manifest.exports)) {
      if (typeof target === "string") continue;
      it(`by ${entry}`, async () => {
        const text = `import(${JSON.stringify(join(root, target.default))}).catch((error) => console.log(error.stack))`;
        const { all } = await execa(old, ["-e", text], { all: true });
        assert.match(all, sentence);
      });
    }

    for (const [command, bin] of Object.entries(manifest.bin)) {
      it(`by ${command}`, async () => {
        const { all, exitCode } = await execa(old, [join(root, bin), "--help"], { all: true, reject: false });
        assert.match(all, sentence);
        assert.equal(exitCode, 1);
      });
    }
  });
});
