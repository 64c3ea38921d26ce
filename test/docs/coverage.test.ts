import assert from "node:assert/strict";
import { globSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { execa } from "execa";
import { types } from "../../provider/index.ts";
import { pages } from "../../scripts/docs/calls/index.ts";
import { aspire, factfinder, redis, tcf } from "../../sdk/index.ts";
import vendorCalls from "./vendor-calls.json" with { type: "json" };

const root = join(import.meta.dirname, "..", "..");
const sdk: Record<string, object> = { redis, tcf, factfinder, aspire };
const calls = pages.flatMap((page) => page.calls.map((call) => ({ ...call, system: page.system, page })));

describe("the table of the vendors' calls", () => {
  let titles: Map<string, string[]>;
  before(async function () {
    this.timeout(120_000);
    titles = await titlesIn([...new Set(calls.map(({ test: [file] }) => `test/${file}`))]);
  });

  for (const { call, form = "", client, by, test, system } of calls) {
    describe(`${call} ${form}`.trim(), () => {
      const [module, name] = client;
      it(`has the client function ${name}`, async () => {
        const exported = await import(`../../provider/${system}/${module}`);
        assert.equal(typeof exported[name], "function");
      });

      it("is reached through resources and functions that exist", () => {
        const offered = [
          ...types.filter((type) => type.startsWith(`${system}:`)).map((type) => type.replace(/.*:/, "")),
          ...Object.keys(sdk[system] ?? {}),
        ];
        const reached = Object.keys(by);
        assert.deepEqual(
          reached.filter((each) => !offered.includes(each)),
          [],
        );
        assert.notEqual(reached.length, 0);
      });

      it("has a test", () => {
        const [file, title] = test;
        const found = titles
          .get(`test/${file}`)
          ?.some((each) => each === title || each.startsWith(`${title} `));
        assert.ok(found, `test/${file} has no test or group of tests "${title}"`);
      });
    });
  }

  for (const file of globSync("provider/*/*client.ts", { cwd: root })) {
    const [, system = "", module = ""] = file.split("/");
    it(`has each call of ${file}`, () => {
      const listed = calls
        .filter((call) => call.system === system && call.client[0] === module)
        .map(({ client }) => client[1]);
      assert.deepEqual(
        clientFunctions(readFileSync(join(root, file), "utf8")).sort(),
        [...new Set(listed)].sort(),
      );
    });
  }

  it("has each call of the vendors' pages, and no other", () => {
    const given = pages.filter(({ isFurther }) => !isFurther);
    const listed = given.flatMap((page) => page.calls.map(({ call }) => call));
    assert.deepEqual([...new Set(listed)].sort(), vendorCalls);
  });
});

/** Functions whose comment says which call they make. */
function clientFunctions(source: string): string[] {
  const documented = source.matchAll(
    /\/\*\*(?<doc>(?:(?!\*\/).)*)\*\/\s*export (?:async )?function (?<name>\w+)/gs,
  );
  return [...documented].flatMap(({ groups }) =>
    /`(?:GET|POST|PUT|DELETE) \//.test(groups?.doc ?? "") ? (groups?.name ?? "") : [],
  );
}

/** The full titles of all tests, by file, as mocha knows them: many are made of tables. */
async function titlesIn(files: string[]): Promise<Map<string, string[]>> {
  const folder = mkdtempSync(join(tmpdir(), "clusterops-titles-"));
  const output = join(folder, "titles.json");
  try {
    const mocha = join(root, "node_modules", ".bin", "mocha");
    await execa(
      mocha,
      ["--dry-run", "--reporter", "json", "--reporter-option", `output=${output}`, ...files],
      { cwd: root },
    );
    const { tests } = JSON.parse(readFileSync(output, "utf8")) as {
      tests: { file: string; fullTitle: string }[];
    };
    const byFile = Map.groupBy(tests, ({ file }) => relative(root, file).replaceAll("\\", "/"));
    return new Map([...byFile].map(([file, group]) => [file, group.map(({ fullTitle }) => fullTitle)]));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
