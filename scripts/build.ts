/** Builds dist/: first the JSON Schemas out of the TypeScript interfaces (provider/README.md, "How a resource is made"), then the JavaScript. */
import { execFileSync } from "node:child_process";
import {
  chmodSync,
  cpSync,
  existsSync,
  globSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { dirname } from "node:path";
import { createGenerator } from "ts-json-schema-generator";

const target = "provider/generated/schemas.json";
const outputs = "sdk/generated/outputs.json";
const interfaces = /export interface (\w+(?:Inputs|Outputs|Args|Result))\b/g;

type Definitions = Record<string, { properties?: object }>;

function schemas(): { definitions: Definitions } {
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
  for (const name of [...names, "Connection", "Timing"]) {
    const { definitions: parts, $schema: _, ...schema } = generator.createSchema(name);
    Object.assign(definitions, parts, { [name]: schema });
  }
  return {
    definitions: Object.fromEntries(Object.entries(definitions).sort(([a], [b]) => a.localeCompare(b))),
  };
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

function writeJson(file: string, value: object): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify(value, null, 2)}\n`);
}

const generated = schemas();
writeJson(target, generated);
writeJson(outputs, outputNames(generated.definitions));

const { bin } = JSON.parse(readFileSync("package.json", "utf8")) as { bin: Record<string, string> };
const commands = Object.values(bin);

// Built aside and moved into place: a running `pulumi up` never finds half a package.
const fresh = `.cache/dist-${process.pid}`;
const stale = `${fresh}-old`;
try {
  const tsc = "node_modules/typescript/bin/tsc";
  execFileSync(process.execPath, [tsc, "-p", "tsconfig.build.json", "--outDir", fresh], { stdio: "inherit" });
  for (const file of [target, outputs]) cpSync(file, `${fresh}/${file}`);
  for (const command of commands) chmodSync(command.replace(/^dist/, fresh), 0o755);
  if (existsSync("dist")) renameSync("dist", stale);
  renameSync(fresh, "dist");
} finally {
  for (const folder of [fresh, stale]) rmSync(folder, { recursive: true, force: true });
}
