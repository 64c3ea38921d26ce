import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { types } from "../../provider/index.ts";
import { cases, record } from "./recording.ts";
import { fileOf, folderOf, type GoldenType } from "./states.ts";

/*
 * Records what this release writes into Pulumi state, for every resource type: `node test/golden/record.ts` writes
 * test/golden/<version of package.json>/. What stands in 0.1.0/ was written by the code of 0.1.0 and is never written again;
 * replay.test.ts holds today's code to it. Run it once for each release, at its commit, and `npm run format` afterwards.
 */

const packageFile = join(import.meta.dirname, "..", "..", "package.json");
const release: string = JSON.parse(readFileSync(packageFile, "utf8")).version;

mkdirSync(folderOf(release), { recursive: true });
for (const type of types) {
  const golden: GoldenType = { release, type, token: `pulumi-nodejs:dynamic/clusterops/${type}`, states: [] };
  for (const each of cases.filter((it) => it.type === type)) {
    const state = await record(each);
    golden.states.push(state);
    console.log(`${type}: ${state.name}`);
  }
  if (golden.states.length === 0) throw new Error(`${type} has no case`);
  writeFileSync(fileOf(golden), `${JSON.stringify(golden, undefined, 2)}\n`);
}
