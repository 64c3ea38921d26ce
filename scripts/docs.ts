/**
 * Writes docs/: one page of reference for each system, one for connections, one that shows a preview, and the table of the
 * vendors' calls. The other pages are written by hand. Run `npm run build` first: it makes the schemas of the interfaces.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { renderPages, renderTerraformPages } from "./docs/pages.ts";

const folder = join(import.meta.dirname, "..", "docs");

for (const [file, text] of Object.entries({ ...(await renderPages()), ...renderTerraformPages() })) {
  mkdirSync(dirname(join(folder, file)), { recursive: true });
  writeFileSync(join(folder, file), text);
}
