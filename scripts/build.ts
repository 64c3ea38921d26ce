/**
 * Builds dist/: first what is made out of the TypeScript interfaces (provider/README.md, "How a resource is made"), then the
 * declarations, and one JavaScript file for each entry of the package. Beside the declarations plugin/, the native plugin, and terraform/, the
 * provider of Terraform.
 */
import { chmodSync, existsSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { execa } from "execa";
import { bundle } from "./build/bundle.ts";
import { licensesOf } from "./build/licenses.ts";
import { buildPlugin, buildTerraformProvider } from "./build/plugin.ts";
import { generate, json, write } from "./build/schemas.ts";

const definitions = await generate();

// They are made of what has just been generated, so that is loaded now only.
const { pluginSchema } = await import("./plugin/schema.ts");
const { terraformSchema } = await import("./terraform/schema.ts");
write("doors/terraform/generated/schema.json", json(terraformSchema(definitions)));

async function buildProviders(): Promise<void> {
  await buildPlugin(pluginSchema(definitions));
  await buildTerraformProvider();
}

const { bin, exports, imports } = JSON.parse(readFileSync("package.json", "utf8")) as {
  bin: Record<string, string>;
  exports: Record<string, string | { default: string }>;
  imports: { "#traces": string; "#calendar": string };
};
const commands = Object.values(bin);
const modules = Object.values(exports).flatMap((target) =>
  typeof target === "string" ? [] : [target.default],
);
const within = (path: string) => path.replace(/^(\.\/)?dist\//, "");

// Built aside and moved into place: a running `pulumi up` never finds half a package.
const fresh = `.cache/dist-${process.pid}`;
const stale = `${fresh}-old`;
try {
  const compile = ["node_modules/typescript/bin/tsc", "-p", "tsconfig.build.json", "--outDir", fresh];
  // The compiler takes as long as all the rest.
  await Promise.all([execa(process.execPath, compile, { stdio: "inherit" }), buildProviders()]);
  const apart = { traces: within(imports["#traces"]), calendar: within(imports["#calendar"]) };
  const packages = await bundle([...modules, ...commands].map(within), apart, fresh);
  writeFileSync(`${fresh}/third-party-licenses.txt`, licensesOf(packages));
  for (const command of commands) chmodSync(`${fresh}/${within(command)}`, 0o755);
  if (existsSync("dist")) renameSync("dist", stale);
  renameSync(fresh, "dist");
} finally {
  for (const folder of [fresh, stale]) rmSync(folder, { recursive: true, force: true });
}
