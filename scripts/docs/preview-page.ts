import { readFileSync } from "node:fs";
import { join } from "node:path";
import { blocks, source } from "./markdown.ts";

const example = join(import.meta.dirname, "..", "..", "examples", "everything");

/** What a preview says of every class: the recorded one of examples/everything, which a test compares with a real one. */
export function previewPage(): string {
  const preview = readFileSync(join(example, "preview.txt"), "utf8").trimEnd();
  return blocks(
    "# What a preview says",
    `The preview of [examples/everything](${source("examples/everything")}), which has every class once. Only reads are sent. What cannot work is refused here, under the property
that is wrong; what is merely surprising is a warning.`,
    `\`\`\`console preview\n${preview}\n\`\`\``,
  );
}
