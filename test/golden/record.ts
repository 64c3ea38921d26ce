import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { types } from "../../provider/index.ts";

import { contextFor } from "../support/context.ts";
import { Incomplete, lifecycle } from "../support/flat.ts";
import { aspireCases } from "./cases/aspire.ts";
import type { Case } from "./cases/case.ts";
import { factfinderCases } from "./cases/factfinder.ts";
import { redisCases } from "./cases/redis.ts";
import { tcfCases } from "./cases/tcf.ts";
import { fileOf, folderOf, type GoldenState, type GoldenType, type Properties } from "./states.ts";
import type { World } from "./worlds/index.ts";
import { real, type Stage, written } from "./worlds/stage.ts";

/*
 * Records what this release writes into Pulumi state, for every resource type: `node test/golden/record.ts` writes
 * test/golden/<version of package.json>/. What stands in 0.1.0/ was written by the code of 0.1.0 and is never written again;
 * replay.test.ts holds today's code to it. Run it once for each release, at its commit, and `npm run format` afterwards.
 */

const cases = [...redisCases, ...tcfCases, ...factfinderCases, ...aspireCases] as Case[];
const packageFile = join(import.meta.dirname, "..", "..", "package.json");
const release: string = JSON.parse(readFileSync(packageFile, "utf8")).version;

/** What the engine would record of one resource: by create, by update, or by the error that says it is unfinished. */
interface Recorded {
  id: string;
  inputs: Properties;
  outputs: Properties;
  reasons?: string[];
}

async function record({ type, name, outcome = "finished", ...how }: Case): Promise<GoldenState> {
  await using stage = await how.open();
  const programs = [how.earlier, how.program].filter((program) => program !== undefined);
  const last = programs.length - 1;
  let state: Recorded | undefined;
  let program: Properties = {};
  let before: Properties | undefined;
  for (const [index, given] of programs.entries()) {
    program = real(stage, given);
    // The companion of a run is registered ahead of it.
    before = types.includes(`${type}Intent`) ? await up(stage, `${type}Intent`, program, before) : undefined;
    if (before) program.__before = before.before;
    if (index === last) await how.arrange?.(stage);
    const timeoutSeconds = index === last ? how.timeoutSeconds : undefined;
    state = await upOrUnfinished(stage, type, program, state, timeoutSeconds);
  }
  if (!state) throw new Error(`${type}, ${name}: nothing was recorded`);
  const seen = outcomeOf(state.outputs);
  if (seen !== outcome) throw new Error(`${type}, ${name}: ${seen}: ${state.reasons}`);
  const { id, inputs, outputs, reasons } = state;
  return {
    name,
    outcome,
    ...written(stage, { program, id, inputs, outputs, reasons }),
    world: stage.look() as World,
  };
}

async function up(stage: Stage, type: string, program: Properties, recorded: Properties | undefined) {
  const { __before: _, ...own } = program;
  const state = recorded && { id: "", inputs: {}, outputs: recorded };
  return (await upOrUnfinished(stage, type, own, state)).outputs;
}

/** One `up`, as the engine drives it. */
async function upOrUnfinished(
  stage: Stage,
  type: string,
  program: Properties,
  state: Recorded | undefined,
  timeoutSeconds?: number,
): Promise<Recorded> {
  const { check, create, update } = lifecycle(type);
  const context = contextFor(stage.connections, { preview: false, timeoutSeconds });
  const { inputs, failures } = await check(context, state?.inputs, program);
  if (failures.length > 0) throw new Error(JSON.stringify(failures));
  try {
    if (!state) return { ...(await create(context, inputs)), inputs };
    return { ...(await update(context, state.id, state.outputs, inputs)), id: state.id, inputs };
  } catch (error) {
    if (!(error instanceof Incomplete)) throw error;
    const { id, outputs, reasons } = error;
    return { id, inputs, outputs, reasons };
  }
}

function outcomeOf({ __unfinished: handle }: Properties): GoldenState["outcome"] {
  if (typeof handle !== "object" || handle === null) return "finished";
  return "failed" in handle ? "failed" : "unfinished";
}

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
