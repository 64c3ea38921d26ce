/** Builds dist/: first the JSON Schemas out of the TypeScript interfaces (DESIGN, "One spelling"), then the JavaScript. */
import { execFileSync } from "node:child_process";
import { cpSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createGenerator } from "ts-json-schema-generator";

const target = "provider/generated/schemas.json";
const interfaces = /export interface (\w+(?:Inputs|Args))\b/g;

function schemas(): object {
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
  const definitions: Record<string, object> = {};
  for (const name of [...names, "Connection"]) {
    const { definitions: parts, $schema: _, ...schema } = generator.createSchema(name);
    Object.assign(definitions, parts, { [name]: schema });
  }
  return {
    definitions: Object.fromEntries(Object.entries(definitions).sort(([a], [b]) => a.localeCompare(b))),
  };
}

mkdirSync("provider/generated", { recursive: true });
writeFileSync(target, `${JSON.stringify(schemas(), null, 2)}\n`);
rmSync("dist", { recursive: true, force: true });
execFileSync(process.execPath, ["node_modules/typescript/bin/tsc", "-p", "tsconfig.build.json"], {
  stdio: "inherit",
});
cpSync(target, `dist/${target}`);
