import { types } from "../../provider/index.ts";
import { contextFor } from "../support/context.ts";
import { Incomplete, lifecycle } from "../support/flat.ts";
import { aspireCases } from "./cases/aspire.ts";
import type { Case } from "./cases/case.ts";
import { factfinderCases } from "./cases/factfinder.ts";
import { redisCases } from "./cases/redis.ts";
import { tcfCases } from "./cases/tcf.ts";
import type { GoldenState, Properties } from "./states.ts";
import type { World } from "./worlds/index.ts";
import { type Installation, real, written } from "./worlds/installation.ts";

/* What a release records of each case: a file of its own, so that it can be compared with what an earlier one has recorded. */

export const cases = [...redisCases, ...tcfCases, ...factfinderCases, ...aspireCases] as Case[];

/** What the engine would record of one resource: by create, by update, or by the error that says it is unfinished. */
interface Recorded {
  id: string;
  inputs: Properties;
  outputs: Properties;
  reasons?: string[];
}

/** Plays the case with the code of this checkout. */
export async function record({ type, name, outcome = "finished", ...how }: Case): Promise<GoldenState> {
  await using installation = await how.open();
  const programs = [how.earlier, how.program].filter((program) => program !== undefined);
  const last = programs.length - 1;
  let state: Recorded | undefined;
  let program: Properties = {};
  let before: Properties | undefined;
  for (const [index, given] of programs.entries()) {
    program = real(installation, given);
    // The companion of a run is registered ahead of it.
    before = types.includes(`${type}Intent`)
      ? await up(installation, `${type}Intent`, program, before)
      : undefined;
    if (before) program.__before = before.before;
    if (index === last) await how.arrange?.(installation);
    const timeoutSeconds = index === last ? how.timeoutSeconds : undefined;
    state = await upOrUnfinished(installation, type, program, state, timeoutSeconds);
  }
  if (!state) throw new Error(`${type}, ${name}: nothing was recorded`);
  const seen = outcomeOf(state.outputs);
  if (seen !== outcome) throw new Error(`${type}, ${name}: ${seen}: ${state.reasons}`);
  const { id, inputs, outputs, reasons } = state;
  return {
    name,
    outcome,
    ...written(installation, { program, id, inputs, outputs, reasons }),
    world: installation.look() as World,
  };
}

async function up(
  installation: Installation,
  type: string,
  program: Properties,
  recorded: Properties | undefined,
) {
  const { __before: _, ...own } = program;
  const state = recorded && { id: "", inputs: {}, outputs: recorded };
  return (await upOrUnfinished(installation, type, own, state)).outputs;
}

/** One `up`, as the engine drives it. */
async function upOrUnfinished(
  installation: Installation,
  type: string,
  program: Properties,
  state: Recorded | undefined,
  timeoutSeconds?: number,
): Promise<Recorded> {
  const { check, create, update } = lifecycle(type);
  const context = contextFor(installation.connections, { preview: false, timeoutSeconds });
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
