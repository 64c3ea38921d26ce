import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { PulumiProject } from "../../scripts/pulumi-project.ts";
import { configurationOf, type GoldenStack, keepable, programOf, startSystems } from "./stacks.ts";

/*
 * Records what `pulumi stack export` shows after an `up` of the programs in test/golden/<version of package.json>/<name>/ with the real
 * CLI, as stack.json beside each: `npm run build && node test/golden/record-stacks.ts && npm run format`. Run it when record.ts says so.
 */

const packageFile = join(import.meta.dirname, "..", "..", "package.json");
const release: string = JSON.parse(readFileSync(packageFile, "utf8")).version;

for (const name of ["everything", "unfinished"] as const) {
  const stack: GoldenStack = { name, release };
  const holds = name === "unfinished";
  const systems = await startSystems(holds);
  try {
    if (holds) systems.factfinder.prune("de");
    const config = configurationOf(systems, stack);
    await using project = await PulumiProject.create({ from: programOf(stack), config });
    const { code, output } = await project.up();
    if ((code !== 0) !== holds) throw new Error(output);
    const text = JSON.stringify(await project.export(), undefined, 2);
    writeFileSync(join(programOf(stack), "stack.json"), `${keepable(text, systems)}\n`);
    console.log(`${name}: ${JSON.parse(text).deployment.resources.length} resources`);
  } finally {
    await systems.close();
  }
}
