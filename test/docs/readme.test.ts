import assert from "node:assert/strict";
import { existsSync, globSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import manifest from "../../package.json" with { type: "json" };
import { anchor } from "../../scripts/docs/markdown.ts";
import { root } from "./blocks.ts";

const home = manifest.homepage.replace(/#.*/, "");
const read = (path: string) => readFileSync(join(root, path), "utf8");
const readme = read("README.md");
const withoutCode = (text: string) => text.replace(/^```.*?^```$/gms, "");
const linksOf = (text: string) =>
  [...withoutCode(text).matchAll(/\]\((?<target>[^)\s]+)\)/g)].map(({ groups }) => groups?.target ?? "");

describe("README.md", () => {
  it("has at most 1,500 words beside code and tables", () => {
    const prose = withoutCode(readme)
      .split("\n")
      .filter((line) => !line.startsWith("|"))
      .join("\n")
      .replace(/\]\([^)]*\)/g, "]");
    const words = prose.split(/\s+/).filter((word) => /\w/.test(word));
    assert.ok(words.length <= 1_500, `${words.length} words`);
  });

  it("goes from what it is to its limits", () => {
    assert.deepEqual(
      [...withoutCode(readme).matchAll(/^##? (.*)$/gm)].map(([, heading]) => heading),
      [
        "pulumi-clusterops",
        "Try it",
        "Rehearse on simulators",
        "Use it on yours",
        "Resources",
        "What it promises",
        "Limits",
      ],
    );
  });

  // On a package's page a relative link leads nowhere.
  it("has absolute links only, beside those within itself", () => {
    const links = linksOf(readme);
    assert.ok(links.length > 10);
    assert.deepEqual(
      links.filter((link) => !/^(https:\/\/|#)/.test(link)),
      [],
    );
  });
});

describe("links", () => {
  const pages = [
    "README.md",
    "CONTRIBUTING.md",
    "SECURITY.md",
    ...globSync("{docs,examples/*}/*.md", { cwd: root }),
  ];
  for (const page of pages) {
    it(`of ${page} lead to files and headings that exist`, () => {
      const own = linksOf(read(page)).filter((link) => link.startsWith(home) || !/^\w+:/.test(link));
      assert.deepEqual(
        own.filter((link) => !isThere(link, page)),
        [],
      );
    });
  }

  // docs/ is part of the package, the rest of the checkout is not.
  it("of docs/ that leave it are absolute", () => {
    const leaving = globSync("docs/*.md", { cwd: root }).flatMap((page) =>
      linksOf(read(page)).filter((link) => /^\.\.\//.test(link) && !/^\.\.\/[A-Z]+\.md/.test(link)),
    );
    assert.deepEqual(leaving, []);
  });

  it("of docs/README.md lead to each other page of docs/", () => {
    const missing = globSync("*.md", { cwd: join(root, "docs") }).filter(
      (page) => page !== "README.md" && !linksOf(read("docs/README.md")).includes(page),
    );
    assert.deepEqual(missing, []);
  });

  it("to the project go to the place that package.json names", () => {
    assert.equal(manifest.repository.url, `git+${home}.git`);
    assert.equal(manifest.bugs, `${home}/issues`);
  });
});

describe("the files that a page names", () => {
  const folders = "{runtime,provider,sdk,doors,simulators,cli,scripts,test,examples}";
  const files = globSync(`${folders}/**/*.{ts,js,json}`, { cwd: root }).map((file) => `/${file}`);
  for (const page of ["provider/README.md", "CONTRIBUTING.md", "SECURITY.md"]) {
    it(`are there: ${page}`, () => {
      const named = [...read(page).matchAll(/(?<![\w<>./-])[a-z][\w./-]*\.(?:ts|js)\b/g)].map(
        ([name]) => name,
      );
      assert.ok(named.length > 0);
      assert.deepEqual(
        named.filter((name) => !files.some((file) => file.endsWith(`/${name}`))),
        [],
      );
    });
  }
});

describe("the README of each example", () => {
  const systems = ["redis", "tcf", "factfinder", "aspire"];
  for (const folder of globSync("examples/*", { cwd: root }).sort()) {
    it(`of ${folder} configures connections that its program or its other configuration names`, () => {
      const program = globSync(`${folder}/*.{ts,js,py,go,yaml}`, { cwd: root }).map(read).join("\n");
      const text = read(`${folder}/README.md`);
      const names = [...text.matchAll(/clusterops:connections\.([\w-]+)/g)].map(([, name = ""]) => name);
      const isNamed = (name: string) =>
        new RegExp(`["'\`]${name}["'\`]|\\b${name}:|: ${name}$`, "m").test(program) ||
        new RegExp(`^pulumi config set .* ${name}$`, "m").test(text);
      assert.deepEqual(
        names.filter((name) => !systems.includes(name) && !isNamed(name)),
        [],
      );
    });
  }
});

function isThere(link: string, page: string): boolean {
  const [target = "", heading] = link.split("#");
  const inRepository = new RegExp(`^${home}/(?:blob|tree)/main/(?<path>.+)$`).exec(target)?.groups?.path;
  const path = target === "" ? page : (inRepository ?? join(dirname(page), target));
  if (!existsSync(join(root, path))) return false;
  const headings = () => [...read(path).matchAll(/^#+ (.*)$/gm)].map(([, text = ""]) => anchor(text));
  return heading === undefined || headings().includes(heading);
}
