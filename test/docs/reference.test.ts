import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { execa } from "execa";
import schemas from "../../provider/generated/schemas.json" with { type: "json" };
import { types } from "../../provider/index.ts";
import { renderPages, renderTerraformPages } from "../../scripts/docs/pages.ts";
import { fieldsOf } from "../../scripts/docs/schemas.ts";
import { aspire, factfinder, redis, tcf } from "../../sdk/index.ts";

const root = join(import.meta.dirname, "..", "..");
const sdk: Record<string, object> = { redis, tcf, factfinder, aspire };
const docs = join(root, "docs");

/** What users never name: a paragraph is enough. */
const internal = /Intent$|^redis:MaintenanceStep$/;

const pages = [
  "aspire",
  "connection",
  "coverage",
  "factfinder",
  "guards",
  "preview",
  "redis",
  "tcf",
  "unit-tests",
];

describe("the reference", () => {
  let rendered: Record<string, string>;
  const page = (system: string) => rendered[`${system}.md`] as string;
  before(async function () {
    this.timeout(60_000);
    rendered = await renderPages();
  });

  /** From a heading to the next one. */
  function sectionOf(system: string, name: string): string {
    const [, section] = new RegExp(`^##+ ${name}\n(.*?)(?=^##+ |$(?![^]))`, "ms").exec(page(system)) ?? [];
    assert.ok(section, `docs/${system}.md has no section ${name}`);
    return section;
  }

  it("consists of the pages that npm run docs writes", () => {
    assert.deepEqual(
      Object.keys(rendered).sort(),
      pages.map((name) => `${name}.md`),
    );
    const generated = globSync("*.md", { cwd: docs }).filter((file) =>
      readFileSync(join(docs, file), "utf8").startsWith("<!-- Written by `npm run docs`"),
    );
    assert.deepEqual(
      generated.sort(),
      pages.map((name) => `${name}.md`),
    );
  });

  it("of Terraform has a page of each resource and data source, up to date: else npm run build && npm run docs", () => {
    const fresh = renderTerraformPages();
    const written = globSync(["index.md", "{resources,data-sources}/*.md"], { cwd: docs });
    assert.deepEqual(written.sort(), Object.keys(fresh).sort());
    for (const [file, text] of Object.entries(fresh))
      assert.equal(readFileSync(join(docs, file), "utf8"), text, file);
  });

  for (const name of pages) {
    it(`has an up to date docs/${name}.md: else npm run build && npm run docs`, () => {
      const written = readFileSync(join(docs, `${name}.md`), "utf8").split("\n");
      const fresh = page(name).split("\n");
      const at = fresh.findIndex((line, index) => line !== written[index]);
      assert.equal(written[at], fresh[at]);
      assert.equal(written.length, fresh.length);
    });
  }

  for (const type of types) {
    const [system = "", name = ""] = type.split(":");
    if (internal.test(type))
      it(`says what ${type} is`, () =>
        assert.match(sectionOf(system, "Other resources in the tree"), new RegExp(`\`${name}\`: \\w+`)));
    else
      it(`has a section on ${type} with example, outputs, calls and what deleting does`, () =>
        assert.match(
          sectionOf(system, name),
          /```ts\n.*new .*```.*\| Output \|.*\| Call \|.*\*\*Deleting it\*\* \w/s,
        ));
  }

  for (const [system, names] of Object.entries(sdk)) {
    const offered = Object.keys(names).filter((name) => !types.includes(`${system}:${name}`));
    for (const name of offered.filter((each) => !each.endsWith("Output")))
      it(`has a section on ${system}.${name}`, () =>
        assert.match(sectionOf(system, name), /\| (Argument|Result) \|/));
  }

  it("tells states from runs", () => {
    const states = types
      .filter((type) => !internal.test(type))
      .filter((type) => {
        const [system = "", name = ""] = type.split(":");
        return sectionOf(system, name).includes("A state resource");
      });
    assert.deepEqual(states.sort(), [
      "factfinder:DatabaseSync",
      "redis:NodeMaintenance",
      "redis:ReplicaNode",
      "tcf:ActiveCluster",
      "tcf:ClusterRole",
    ]);
  });

  for (const [type, input, effect] of [
    ["redis:NodeMaintenance", "nodeUid", /^replaced/],
    ["redis:NodeAction", "parameters", /^runs again, in place$/],
    ["redis:NodeAction", "onTimeout", /^recorded$/],
    ["factfinder:NodeSync", "channels", /^runs again, in place$/],
    ["factfinder:NodeSync", "director", /^recorded$/],
    ["aspire:SeedRelease", "seedIds", /^runs again, in place$/],
    ["aspire:SeedRelease", "form", /^recorded$/],
  ] as const) {
    it(`says what a changed ${input} of ${type} does`, () => {
      const [system = "", name = ""] = type.split(":");
      const row = sectionOf(system, name)
        .split("\n")
        .find((line) => line.startsWith(`| \`${input}\` |`));
      assert.match(row?.split(" | ").at(-1)?.replace(/ \|$/, "") ?? "", effect);
    });
  }

  const interfaces = Object.keys(schemas.definitions).filter((name) =>
    /(Inputs|Outputs|Args|Connection|OAuth2)$/.test(name),
  );
  for (const name of interfaces.filter((each) => !/Intent/.test(each))) {
    it(`says of each property of ${name} what it means`, () =>
      assert.deepEqual(
        fieldsOf(name)
          .filter(({ text }) => !text)
          .map(({ path }) => path),
        [],
      ));
  }

  it("links to headings that exist", () => {
    const broken = Object.entries(rendered).flatMap(([file, text]) =>
      [...text.matchAll(/\]\((?<target>[\w.-]*\.md)?#(?<heading>[\w-]+)\)/g)].flatMap(({ groups }) => {
        const target = rendered[groups?.target ?? file] ?? "";
        const headings = [...target.matchAll(/^#+ (.*)$/gm)].map(([, heading = ""]) =>
          heading.toLowerCase().replaceAll(" ", "-"),
        );
        return headings.includes(groups?.heading ?? "")
          ? []
          : `${file}: ${groups?.target ?? ""}#${groups?.heading}`;
      }),
    );
    assert.deepEqual(broken, []);
  });
});

describe("the examples of the reference", () => {
  it("are all shown", async function () {
    this.timeout(60_000);
    const text = Object.values(await renderPages()).join("\n");
    const unused = globSync("examples/*.ts", { cwd: docs }).filter(
      (file) => !text.includes(readFileSync(join(docs, file), "utf8").trim()),
    );
    assert.deepEqual(
      unused.map((file) => basename(file)),
      [],
    );
  });

  it("compile against the sdk", async function () {
    this.timeout(120_000);
    const tsc = join(root, "node_modules", "typescript", "bin", "tsc");
    const { stdout, exitCode } = await execa(process.execPath, [tsc, "-p", join(docs, "examples")], {
      reject: false,
    });
    assert.equal(exitCode, 0, stdout);
  });
});
