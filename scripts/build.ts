/** Builds dist/: first the JSON Schemas out of the TypeScript interfaces (DESIGN, "One spelling"), then the JavaScript. */
import { execFileSync } from "node:child_process";
import { cpSync, existsSync, globSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
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

// Built aside and moved into place: a running `pulumi up` never finds half a package.
const fresh = `.cache/dist-${process.pid}`;
const stale = `${fresh}-old`;
try {
  const tsc = "node_modules/typescript/bin/tsc";
  execFileSync(process.execPath, [tsc, "-p", "tsconfig.build.json", "--outDir", fresh], { stdio: "inherit" });
  cpSync(target, `${fresh}/${target}`);
  if (existsSync("dist")) renameSync("dist", stale);
  renameSync(fresh, "dist");
} finally {
  for (const folder of [fresh, stale]) rmSync(folder, { recursive: true, force: true });
}
