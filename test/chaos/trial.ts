import { setTimeout as pause } from "node:timers/promises";
import { Incomplete } from "../../provider/index.ts";
import type { Door, Properties } from "../rules/door.ts";
import { failureOf, play, type ResourceCase, type Scene } from "../rules/resource-case.ts";
import { CheckFailed } from "../rules/stack.ts";
import undisturbed from "./effects.json" with { type: "json" };
import { type Blow, planted } from "./faults.ts";

/** What the user does while something breaks. */
export const operations = ["create", "update", "resume", "delete", "refresh"] as const;
export type Operation = (typeof operations)[number];

export interface Trial {
  resource: ResourceCase;
  operation: Operation;
  blow: Blow;
}

/** What came of a trial; each of these may be said by one line of the summary. */
export interface Verdict {
  trial: string;
  /** More effects than intents. */
  duplicate?: string;
  /** No `up` brings it to its end, or the stack does not know what there is. */
  lost?: string;
  /** Said to be done, and it was not so. */
  wrong?: string;
  /** A planted credential came to light. */
  leak?: string;
  /** Sent again where the system shows no mark: harmless twice, and documented. */
  repeated?: boolean;
}

/** A hang must cost the matrix less than a person's patience. */
const settings = { username: "ops", password: planted, requestTimeout: 0.3 };
const timeout = 4;
/** Longer than a preview's reads are shared. */
const previewMemory = 5_200;
/** An `up` more than this many after the trouble is over is one too many. */
const patience = 4;

export function nameOf({ resource, operation, blow }: Trial): string {
  return `${resource.type} ${operation}: ${blow.name} ${blow.when}`;
}

/** Plays one case of the matrix over real sockets: the operation with the fault, then `up` until it is done, then one more. */
export async function judge(trial: Trial, door: Door): Promise<Verdict> {
  const verdict: Verdict = { trial: nameOf(trial) };
  try {
    const intended = effectsOf(trial.resource, trial.operation);
    await play(door, trial.resource, (scene) => suffer(trial, intended, scene, verdict), { settings });
  } catch (error) {
    verdict.lost ??= `the trial itself broke: ${error instanceof Error ? error.message : error}`;
  }
  return verdict;
}

async function suffer(
  { resource, operation, blow }: Trial,
  intended: number,
  scene: Scene,
  verdict: Verdict,
): Promise<void> {
  const { simulator, stack, session } = scene;
  const errors: unknown[] = [];
  const intent = await prepare(operation, resource, scene);
  const fault = simulator.fault(blow.arm(resource.request));
  let done = false;
  for (let tries = 0; tries <= patience && !done; tries++) {
    try {
      await intent.attempt();
      done = true;
    } catch (error) {
      errors.push(error);
      // What a preview has read may serve it for some seconds; the next `up` is another process and reads anew.
      if (error instanceof CheckFailed) await pause(previewMemory);
    }
    if (done && simulator.counts().effects < intended) {
      verdict.wrong = `done after ${simulator.counts().effects} of ${intended} effects`;
    }
    fault.remove();
  }
  const { effects } = simulator.counts();
  if (!done) verdict.lost = `still failing after ${patience} more: ${errors.at(-1)}`;
  else if (effects > intended) {
    if (resource.leavesMark) verdict.duplicate = `${effects} effects for ${intended} intended`;
    else verdict.repeated = true;
  }
  if (done && operation !== "delete") {
    simulator.resetCounts();
    const step = await stack.up(intent.inputs);
    const { mutating } = simulator.counts();
    if (step !== "same" || mutating > 0)
      verdict.wrong ??= `one more up: ${step}, ${mutating} mutating requests`;
  }
  const shown = [stack.state, session.said, errors.map(dump)];
  if (JSON.stringify(shown).replaceAll(JSON.stringify(settings), "").includes(planted))
    verdict.leak = "in state, messages or errors";
}

/** Everything an error says, and its causes say. */
function dump(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const { message, stack, cause } = error;
  return {
    message,
    stack,
    cause: dump(cause),
    ...(error instanceof Incomplete && { outputs: error.outputs }),
  };
}

interface Intent {
  inputs: Properties;
  attempt(): Promise<unknown>;
}

/** Brings the stack to where the operation begins, undisturbed. What the intent costs is counted from there. */
async function prepare(operation: Operation, resource: ResourceCase, scene: Scene): Promise<Intent> {
  const { stack, rig } = scene;
  const inputs = { ...scene.good, timeout };
  const up = (wanted: Properties) => () => stack.up(wanted);
  if (operation === "create") return { inputs, attempt: up(inputs) };
  if (operation === "resume") {
    const release = resource.hold?.(rig);
    // On a busy machine a short wait may end before its request was sent: nothing would be there to resume.
    for (let wait = 0.6; scene.simulator.counts().effects === 0 && wait < 20; wait *= 2) {
      await failureOf(stack.up({ ...inputs, timeout: wait }));
    }
    release?.();
    return { inputs, attempt: up(inputs) };
  }
  await undisturbedUp(stack, inputs);
  scene.simulator.resetCounts();
  if (operation === "update") {
    const changed = { ...inputs, ...resource.change.inputs };
    return { inputs: changed, attempt: up(changed) };
  }
  if (operation === "delete") return { inputs, attempt: () => stack.destroy() };
  return {
    inputs,
    async attempt() {
      await stack.refresh();
      await stack.up(inputs);
    },
  };
}

/** On a busy machine even a good answer may come too late for the short patience of these connections. */
async function undisturbedUp(stack: Scene["stack"], inputs: Properties): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      await stack.up(inputs);
      return;
    } catch (error) {
      if (tries === patience) throw error;
    }
  }
}

/** Effects of the operation when nothing breaks: the measure for when something does. Recorded by `npm run chaos -- --record`. */
export function effectsOf(resource: ResourceCase, operation: Operation): number {
  const effects = (undisturbed as Record<string, number>)[`${resource.type} ${operation}`];
  if (effects === undefined) throw new Error("its effects are not recorded: npm run chaos -- --record");
  return effects;
}

/** Counts the effects of the operation while nothing breaks. */
export async function measureEffects(
  resource: ResourceCase,
  operation: Operation,
  door: Door,
): Promise<number> {
  let effects = 0;
  await play(
    door,
    resource,
    async (scene) => {
      const intent = await prepare(operation, resource, scene);
      await intent.attempt();
      ({ effects } = scene.simulator.counts());
    },
    { settings: { ...settings, requestTimeout: 10 } },
  );
  return effects;
}

/** A resource whose work cannot be held has nothing to resume. */
export function applies(operation: Operation, resource: ResourceCase): boolean {
  return operation !== "resume" || resource.hold !== undefined;
}
