import { readExample } from "./examples.ts";
import { inputTable, outputTable } from "./fields.ts";
import { blocks, code } from "./markdown.ts";
import type { Sdk } from "./sdk.ts";

/** The section of one component. */
export function componentSection(system: string, name: string, note: string, sdk: Sdk): string {
  const { doc, fields } = sdk.argumentsOf(system, name);
  const outputs = sdk.outputsOf(system, name);
  return blocks(
    `## ${name}`,
    `*A component. Type: ${code(`clusterops:${system}:${name}`)}*`,
    sdk.docOf(system, name),
    note,
    readExample(name),
    doc,
    inputTable(fields, "Argument"),
    outputs.length > 0 && outputTable(outputs, "Output"),
  );
}
