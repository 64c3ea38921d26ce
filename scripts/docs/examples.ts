import { readFileSync } from "node:fs";
import { join } from "node:path";

const folder = join(import.meta.dirname, "..", "..", "docs", "examples");

/** The example of a class, or of a system's functions, as a fenced block. */
export function readExample(name: string): string {
  const source = readFileSync(join(folder, `${name}.ts`), "utf8");
  return `\`\`\`ts\n${source.trim()}\n\`\`\``;
}
