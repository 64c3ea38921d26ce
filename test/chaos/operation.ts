import type { FaultMatch } from "../../simulators/index.ts";
import type { Door, Properties } from "../rules/door.ts";
import { failureOf, play, type ResourceCase } from "../rules/resource-case.ts";
import { type Battle, planted, type Steps } from "./blow.ts";
import undisturbed from "./effects.json" with { type: "json" };

/** What the user does while something breaks. */
export const operations = ["create", "update", "resume", "delete", "refresh"] as const;
export type Operation = (typeof operations)[number];

/** What the user wants, and does until it is so. */
export interface Intent {
  operation: Operation;
  inputs: Properties;
}

const timeout = 4;
/** On a busy machine even a good answer may come too late for the short patience of these connections. */
const tries = 4;

/** Brings the stack to where the operation begins, undisturbed. What the intent costs is counted from there. */
export async function prepare(
  operation: Operation,
  resource: ResourceCase,
  { rig, stack, simulator, good }: Pick<Battle, "rig" | "stack" | "simulator" | "good">,
): Promise<Intent> {
  const inputs = { timeout, ...good };
  if (operation === "create") return { operation, inputs };
  if (operation === "resume") {
    const release = resource.hold?.(rig);
    // On a busy machine a short wait may end before its request was sent: nothing would be there to resume.
    for (let wait = 0.6; simulator.counts().effects === 0 && wait < 20; wait *= 2) {
      await failureOf(stack.up({ ...inputs, timeout: wait }));
    }
    release?.();
    return { operation, inputs };
  }
  for (let attempts = 1; ; attempts++) {
    try {
      await stack.up(inputs);
      break;
    } catch (error) {
      if (attempts === tries) throw error;
    }
  }
  simulator.resetCounts();
  return { operation, inputs: operation === "update" ? { ...inputs, ...resource.change.inputs } : inputs };
}

/** What the user types. */
export async function attempt({ operation, inputs }: Intent, stack: Steps): Promise<void> {
  if (operation === "delete") return stack.destroy();
  if (operation === "refresh") await stack.refresh();
  await stack.up(inputs);
}

/** The mutating requests of the operation. */
export function requestOf(
  { request, change, deleteRequest }: ResourceCase,
  operation: Operation,
): FaultMatch {
  if (operation === "update") return change.request ?? request;
  return (operation === "delete" && deleteRequest) || request;
}

/** Effects of the operation when nothing breaks: the measure for when something does. Recorded by `npm run chaos -- --record`. */
export function effectsOf(resource: ResourceCase, operation: Operation): number {
  const effects = (undisturbed as Record<string, number>)[`${resource.type} ${operation}`];
  if (effects === undefined) throw new Error("its effects are not recorded: npm run chaos -- --record");
  return effects;
}

/** Mutating requests that the operation itself sends. */
export function requestsOf(resource: ResourceCase, operation: Operation): number {
  return operation === "resume" ? 0 : effectsOf(resource, operation);
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
      await attempt(await prepare(operation, resource, scene), scene.stack);
      ({ effects } = scene.simulator.counts());
    },
    { settings: { username: "ops", password: planted } },
  );
  return effects;
}

/** A resource whose work cannot be held has nothing to resume. */
export function applies(operation: Operation, resource: ResourceCase): boolean {
  return operation !== "resume" || resource.hold !== undefined;
}
