import { globSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { createGenerator } from "ts-json-schema-generator";
import { type Definitions, validatorsFor } from "./validators.ts";

const interfaces = /export interface (\w+(?:Inputs|Outputs|Args|Result))\b/g;

/** Writes what is made out of the interfaces: their JSON Schemas, the code that validates them, and the names of all outputs. */
export async function generate(): Promise<Definitions> {
  const definitions = schemas();
  write("provider/generated/schemas.json", json({ definitions }));
  write("sdk/generated/outputs.json", json(outputNames(definitions)));
  const { code, types } = validatorsFor(definitions);
  write("provider/generated/validators.js", code);
  write("provider/generated/validators.d.ts", types);
  return definitions;
}

function schemas(): Definitions {
  const generator = createGenerator({
    path: "provider/**/*.ts",
    tsconfig: "tsconfig.schemas.json",
    expose: "export",
    topRef: false,
    additionalProperties: false,
    skipTypeCheck: true,
  });
  const names = globSync("provider/**/*.ts").flatMap((file) =>
    [...readFileSync(file, "utf8").matchAll(interfaces)].map(([, name]) => name as string),
  );
  const definitions: Definitions = {};
  for (const name of [...names, "Connection", "Guards", "Timing"]) {
    const { definitions: parts, $schema: _, ...schema } = generator.createSchema(name);
    Object.assign(definitions, parts, { [name]: schema });
  }
  return Object.fromEntries(Object.entries(definitions).sort(([a], [b]) => a.localeCompare(b)));
}

/** The outputs of each resource: Pulumi resolves only those that the class names. */
function outputNames(definitions: Definitions): Record<string, string[]> {
  const outputs = Object.entries(definitions).filter(([name]) => name.endsWith("Outputs"));
  const timing = Object.keys(definitions.Timing?.properties ?? {});
  return Object.fromEntries(
    outputs.map(([name, { properties = {} }]) => [
      name.replace(/Outputs$/, ""),
      [...Object.keys(properties), ...timing],
    ]),
  );
}

export function json(value: object): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

export function write(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}
