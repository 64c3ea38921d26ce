import type { Spec } from "../../provider/core/lifecycle/resource.ts";
import { callTable } from "./calls.ts";
import { readExample } from "./examples.ts";
import { type Field, inputTable, outputTable } from "./fields.ts";
import { kindOf, rerunsOn } from "./kind.ts";
import { blocks, code } from "./markdown.ts";
import type { ResourceNotes } from "./notes/notes.ts";
import { docOf, fieldsOf, inheritedBy } from "./schemas.ts";
import type { Sdk } from "./sdk.ts";

const kinds = {
  state: "A state resource: it exists while the system is in this state",
  run: "A run resource: one execution of a job",
};

/** The section of one resource. */
export async function resourceSection(spec: Spec, notes: ResourceNotes, sdk: Sdk): Promise<string> {
  const { system, type, timeout } = spec;
  const kind = kindOf(spec);
  const common = inheritedBy(`${type}Inputs`, "RunInputs");
  const inputs = fieldsOf(`${type}Inputs`).filter(({ path }) => !common.includes(path));
  const effects = new Map(
    await Promise.all(
      inputs.map(async ({ path }) => [path, await effectOf(spec, kind, notes, path)] as const),
    ),
  );
  return blocks(
    `## ${type}`,
    `*${kinds[kind]}. Default timeout: ${timeout}. Type: ${code(`pulumi-nodejs:dynamic/clusterops/${system.name}:${type}`)}*`,
    sdk.docOf(system.name, type),
    docOf(`${type}Inputs`),
    readExample(type),
    inputs.length > 0 && inputTable(inputs, "Input", ({ path }: Field) => effects.get(path) ?? ""),
    `${inputs.length > 0 ? "Also" : "It takes"} ${enumerate(common.map(code))}, [as every resource](#common-inputs-and-outputs).`,
    outputTable(fieldsOf(`${type}Outputs`), "Output"),
    callTable(system.name, type),
    `**Deleting it** ${notes.onDelete}`,
  );
}

async function effectOf(
  spec: Spec,
  kind: "state" | "run",
  { onChange = {} }: ResourceNotes,
  path: string,
): Promise<string> {
  const noted = onChange[path];
  if (noted !== undefined) return noted;
  if (spec.replaceOn.includes(path)) return "replaced";
  if (kind === "state") throw new Error(`the notes of ${spec.type} do not say what a changed ${path} does`);
  return (await rerunsOn(spec, path)) ? "runs again, in place" : "recorded";
}

function enumerate(words: string[]): string {
  return words.length < 2 ? words.join() : `${words.slice(0, -1).join(", ")} and ${words.at(-1)}`;
}
