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
    `A system that cannot be read is merely surprising: it may be back when \`pulumi up\` runs. So a host that is down, or a name that nobody knows, is a warning, the resource is shown as one to
create, and the exit code is 0. A pipeline that is to stop there asks \`redis.canMaintain\` or \`tcf.canFailOver\`, whose \`blockers\` name it, or reads the warnings of the
[report](approval.md).`,
    `\`\`\`console preview\n${preview}\n\`\`\``,
  );
}
