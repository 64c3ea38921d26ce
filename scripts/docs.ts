/**
 * Writes docs/: one page of reference for each system, one for connections, and the table of the vendors' calls, whose short form
 * goes into README.md. Run `npm run build` first: it makes the schemas of the interfaces.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { withCoverage } from "./docs/coverage-page.ts";
import { renderPages } from "./docs/pages.ts";

const folder = join(import.meta.dirname, "..", "docs");

for (const [file, text] of Object.entries(await renderPages())) writeFileSync(join(folder, file), text);

const readme = join(folder, "..", "README.md");
writeFileSync(readme, withCoverage(readFileSync(readme, "utf8")));
