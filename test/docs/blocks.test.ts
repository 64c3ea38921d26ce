import assert from "node:assert/strict";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import manifest from "../../package.json" with { type: "json" };
import { blocksOf, commandsOf, pages, parseBlocks, root, uses } from "./blocks.ts";
import { missingFrom, missingLines } from "./samples.ts";

const blocks = pages.flatMap(blocksOf);

describe("the blocks of README.md and docs/", () => {
  it("say how they are tested", () => {
    const untested = blocks.filter(
      ({ language, use, file, from }) =>
        !uses[language]?.includes(use) ||
        (/^(yaml|diff|py|go)$/.test(language) && file === undefined && from === undefined),
    );
    assert.deepEqual(
      untested.map(
        ({ place, language, use }) =>
          `${place}: "${language} ${use}" is not in the table of test/docs/blocks.ts`,
      ),
      [],
    );
  });

  it("that are TypeScript compile against the sdk", async function () {
    this.timeout(120_000);
    const folder = join(root, ".cache", `docs-blocks-${process.pid}`);
    mkdirSync(folder, { recursive: true });
    try {
      // One folder a page: a test may import the program that stands above it.
      for (const { page, place, file, text } of blocks.filter(({ language }) => language === "ts")) {
        const ofPage = join(folder, page.replace(/\W+/g, "-"));
        mkdirSync(ofPage, { recursive: true });
        writeFileSync(join(ofPage, file ?? `${place.replace(/\W+/g, "-")}.ts`), text);
      }
      const paths = {
        "pulumi-clusterops": ["../../sdk/index.ts"],
        "pulumi-clusterops/simulators": ["../../simulators/index.ts"],
      };
      const compilerOptions = { paths, noUnusedLocals: false };
      const config = { extends: "../../tsconfig.json", compilerOptions, include: ["."], exclude: [] };
      writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(config));
      const tsc = join(root, "node_modules", "typescript", "bin", "tsc");
      const { stdout, exitCode } = await execa(process.execPath, [tsc, "-p", folder], { reject: false });
      assert.equal(exitCode, 0, stdout);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it("that are a part of an example stand so in it", () => {
    const lines = (text: string) =>
      text
        .trim()
        .split("\n")
        .map((line) => line.trim())
        .join("\n");
    const parts = blocks.filter(({ from }) => from !== undefined);
    assert.ok(parts.length >= 3);
    assert.deepEqual(
      parts
        .filter(({ from = "", text }) => !lines(readFileSync(join(root, from), "utf8")).includes(lines(text)))
        .map(({ place, from }) => `${place}: not in ${from}`),
      [],
    );
  });

  it("name the package's own scripts and commands only", () => {
    const scripts = ["ci", "test", "install", "init", ...Object.keys(manifest.scripts)];
    for (const { language, place, text } of blocks.filter((block) => block.language === "sh")) {
      assert.equal(language, "sh");
      for (const [, script = ""] of text.matchAll(/\bnpm (?:run )?([\w:]+)/g))
        assert.ok(scripts.includes(script), `${place}: npm ${script}`);
      for (const [, command = ""] of text.matchAll(/\bnpx (\S+)/g))
        assert.ok(command in manifest.bin, `${place}: npx ${command}`);
    }
  });

  it("are found with their place, use and file", () => {
    const text = "a\n```ts run file=x.ts\nx\n\ny\n```\n```sh config\nz # why\n# no\n```\n";
    const [ts, sh] = parseBlocks(text, "p.md");
    assert.deepEqual(ts, {
      page: "p.md",
      place: "p.md:2",
      language: "ts",
      use: "run",
      file: "x.ts",
      from: undefined,
      text: "x\n\ny\n",
    });
    assert.deepEqual(sh && commandsOf(sh), ["z"]);
    assert.throws(() => parseBlocks("```ts\nx\n", "p.md"), /p\.md:1: the block has no end/);
  });
});

describe("a sample of output", () => {
  const table: [what: string, sample: string, output: string, missing: string[]][] = [
    ["may differ in times", "done (8s)", "  done (1.5s)", []],
    ["may leave lines out", "a\n…\nc", "a\nb\nc", []],
    ["may end lines early", "a 1", "a 1 and more", []],
    ["keeps the order", "a\nb", "b\na", ["b"]],
    ["differs in a number", "node 2", "node 3", ["node 2"]],
    ["differs in seconds and reads of a table", "up  6.0  0  10", "up  5.1  0  12", []],
    ["keeps the mutating requests of a table", "up  6.0  1  10", "up  5.1  0  12", ["up  6.0  1  10"]],
  ];
  for (const [what, sample, output, missing] of table)
    it(what, () => assert.deepEqual(missingLines(sample, output), missing));

  it("belongs to commands that follow each other", () => {
    const typed = [
      { command: "pulumi up", output: "2 created" },
      { command: "pulumi up", output: "1 updated" },
      { command: "pulumi up", output: "2 unchanged" },
    ];
    assert.deepEqual(missingFrom("$ pulumi up\n1 updated\n$ pulumi up    # again\n2 unchanged\n", typed), []);
    assert.deepEqual(missingFrom("$ pulumi up\n1 updated\n$ pulumi up\n1 updated\n", typed), ["1 updated"]);
    assert.deepEqual(missingFrom("$ pulumi down\n", typed), ["nobody types pulumi down"]);
  });
});
