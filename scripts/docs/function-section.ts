import type { ReadFunction } from "../../provider/core/lifecycle/read-function.ts";
import { callTable } from "./calls.ts";
import { readExample } from "./examples.ts";
import { inputTable, outputTable } from "./fields.ts";
import { blocks } from "./markdown.ts";
import { docOf, fieldsOf } from "./schemas.ts";
import type { Sdk } from "./sdk.ts";

// biome-ignore lint/suspicious/noExplicitAny: each function has arguments and a result of its own
type Functions = ReadFunction<any, any>[];

/** All functions of one system. */
export function functionsSection(system: string, functions: Functions, sdk: Sdk): string {
  return blocks(
    "## Functions",
    `Each exists in two forms: \`${functions[0]?.name}(args)\` returns a promise, \`${functions[0]?.name}Output(args)\` takes Inputs and returns an Output. All take
\`connection\`, as resources do.`,
    readExample(`${system}-functions`),
    ...functions.map((fn) => functionSection(system, fn.name, sdk)),
  );
}

function functionSection(system: string, name: string, sdk: Sdk): string {
  const interfaceName = `${name[0]?.toUpperCase()}${name.slice(1)}Args`;
  const args = fieldsOf(interfaceName).filter(({ path }) => path !== "connection");
  return blocks(
    `### ${name}`,
    sdk.docOf(system, name),
    docOf(interfaceName),
    args.length > 0 && inputTable(args, "Argument"),
    outputTable(sdk.resultOf(system, name), "Result"),
    callTable(system, name),
  );
}
