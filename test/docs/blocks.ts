import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";

export const root = join(import.meta.dirname, "..", "..");

/** The pages for users: README.md first, as they read them. */
export const pages = ["README.md", ...globSync("docs/*.md", { cwd: root }).sort()];

/**
 * A fenced block of a page. What follows the language says how a test holds it:
 *
 * | fence | what a test does with it |
 * |---|---|
 * | `ts` | type-checks it as a module; with `file=index.ts` under that name beside the page's others |
 * | `ts file=...`, `yaml file=...` in README.md | saves it under that name in the newcomer's folder too |
 * | `py`, `go`, `yaml` with `from=examples/...` | looks whether these lines stand in that file, which a test of its own runs |
 * | `diff file=index.ts` | changes that file |
 * | `sh run` | types it in the newcomer's shell, line by line, in the order of the page; pages of docs/ before README.md's last one |
 * | `sh serve` | keeps it running in a second shell |
 * | `sh paste` | compares it with what the second shell has printed, and types that |
 * | `sh pnpm`, `sh yarn` | types it in place of the first `sh run` |
 * | `sh config` | types it on a stack of its own, which must then have connections as the reference describes them |
 * | `sh rehearsal` | nothing: test/e2e/rehearse.test.ts types it |
 * | `sh relay` | nothing: what is there already, jq and curl |
 * | `sh checkout` | only looks whether package.json has the scripts: CI itself runs them |
 * | `terraform` | has Terraform validate it, where that is installed |
 * | `hcl` | nothing: settings of Terraform itself |
 * | `json events` | compares the names of their fields with those of the events of a run |
 * | `console journey` | compares it with the output of the newcomer's commands; `…` stands for what is left out |
 * | `console start` | the same with the output of `npm start` |
 * | `console preview` | the same with the preview of examples/everything |
 * | `console terraform` | compares it with what examples/terraform-failover says, which a test of its own runs |
 * | `console run` | nothing: scripts/docs/one-run.ts has written it out of a run |
 * | `sh gate`, `console gate`, `md` | what the pipelines of examples/approval-gate type and print, which a test of their own runs |
 */
export interface Block {
  page: string;
  /** Where it stands, for messages: `README.md:12`. */
  place: string;
  language: string;
  /** The word after the language. */
  use: string;
  /** The name after `file=`. */
  file?: string;
  /** The path after `from=`. */
  from?: string;
  text: string;
}

export const uses: Record<string, string[]> = {
  ts: [""],
  yaml: [""],
  py: [""],
  go: [""],
  diff: [""],
  terraform: [""],
  hcl: [""],
  json: ["events"],
  sh: ["run", "serve", "paste", "pnpm", "yarn", "config", "checkout", "gate", "relay", "rehearsal"],
  md: [""],
  console: ["journey", "start", "preview", "gate", "terraform", "run"],
};

/** All fenced blocks of a page, in its order. */
export function blocksOf(page: string): Block[] {
  return parseBlocks(readFileSync(join(root, page), "utf8"), page);
}

export function parseBlocks(markdown: string, page: string): Block[] {
  const blocks: Block[] = [];
  let open: Block | undefined;
  for (const [index, line] of markdown.split("\n").entries()) {
    const fence = /^```(.*)$/.exec(line);
    if (fence && open) {
      blocks.push(open);
      open = undefined;
    } else if (fence) {
      const [language = "", ...rest] = (fence[1] ?? "").trim().split(/\s+/);
      const after = (key: string) => rest.find((word) => word.startsWith(key))?.slice(key.length);
      const use = rest.find((word) => !/^(file|from)=/.test(word)) ?? "";
      const place = `${page}:${index + 1}`;
      open = { page, place, language, use, file: after("file="), from: after("from="), text: "" };
    } else if (open) {
      open.text += `${line}\n`;
    }
  }
  if (open) throw new Error(`${open.place}: the block has no end`);
  return blocks;
}

/** The commands of a block of shell: one a line, comments cut. */
export function commandsOf({ text }: Pick<Block, "text">): string[] {
  return text
    .split("\n")
    .map((line) => line.replace(/\s+#.*$/, "").trim())
    .filter((line) => line !== "" && !line.startsWith("#"));
}
