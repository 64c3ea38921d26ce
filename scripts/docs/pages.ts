import * as aspire from "../../provider/aspire/index.ts";
import * as factfinder from "../../provider/factfinder/index.ts";
import * as redis from "../../provider/redis/index.ts";
import * as tcf from "../../provider/tcf/index.ts";
import { connectionPage } from "./connection-page.ts";
import { coveragePage } from "./coverage-page.ts";
import { guardsPage } from "./guards-page.ts";
import { systems } from "./notes/index.ts";
import { previewPage } from "./preview-page.ts";
import { readSdk } from "./sdk.ts";
import { type SystemModule, systemPage } from "./system-page.ts";
import { terraformPages } from "./terraform-pages.ts";
import { unitTestsPage } from "./unit-tests-page.ts";

const modules: Record<string, SystemModule> = { redis, tcf, factfinder, aspire };

const notice =
  "<!-- Written by `npm run docs`, from the interfaces in provider/ and sdk/ and from scripts/docs/. -->";

/** The reference: text by file name. */
export async function renderPages(): Promise<Record<string, string>> {
  const sdk = readSdk();
  const texts: Record<string, string> = {
    connection: connectionPage(),
    coverage: coveragePage(),
    guards: guardsPage(),
    preview: previewPage(),
    "unit-tests": unitTestsPage(),
  };
  for (const notes of systems)
    texts[notes.system.name] = await systemPage(notes, modules[notes.system.name] as SystemModule, sdk);
  return Object.fromEntries(
    Object.entries(texts).map(([name, text]) => [`${name}.md`, `${notice}\n\n${text}\n`]),
  );
}

/** What Terraform's registry shows. The notice stands behind the front matter, which has to come first. */
export function renderTerraformPages(): Record<string, string> {
  return Object.fromEntries(
    Object.entries(terraformPages()).map(([file, text]) => [
      file,
      `${text.replace(/^(---\n.*?\n---\n)/s, `$1\n${notice}\n`)}\n`,
    ]),
  );
}
