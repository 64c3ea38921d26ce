/**
 * Writes docs/: one page of reference for each system, one for connections, one that shows a preview, and the table of the
 * vendors' calls. The other pages are written by hand. Run `npm run build` first: it makes the schemas of the interfaces.
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { renderPages } from "./docs/pages.ts";

const folder = join(import.meta.dirname, "..", "docs");

for (const [file, text] of Object.entries(await renderPages())) writeFileSync(join(folder, file), text);
