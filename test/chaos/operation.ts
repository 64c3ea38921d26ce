import type { FaultMatch } from "../../simulators/index.ts";
import type { Door, Properties } from "../rules/door.ts";
import { failureOf, type ResourceCase, withHarness } from "../rules/resource-case.ts";
import baseline from "./effects.json" with { type: "json" };
import { canary, type FaultHarness, type StackOperations } from "./fault.ts";

/** What the user does while a fault is injected. */
export const operations = ["create", "update", "resume", "delete", "refresh"] as const;
export type Operation = (typeof operations)[number];

/** What the user wants, and repeats until it succeeds. */
export interface Intent {
  operation: Operation;
  inputs: Properties;
}

/** Seconds for each `up`, beyond the time in which a lost request may still land. */
const shortTimeout = 4;
/** On a busy machine even a good answer may come too late for the short timeouts of these connections. */
const maxAttempts = 4;

/** Brings the stack to where the operation begins, without a fault. The effects of the intent are counted from there. */
export async function prepare(
  operation: Operation,
  resource: ResourceCase,
  { rig, stack, simulator, good }: Pick<FaultHarness, "rig" | "stack" | "simulator" | "good">,
): Promise<Intent> {
  const timeout = shortTimeout + (resource.landsWithin ?? 0);
  const inputs = { timeout, ...good };
  if (operation === "create") return { operation, inputs };
  if (operation === "resume") {
    const release = resource.hold?.(rig);
    // On a busy machine a short wait may end before its request was sent: there would be nothing to resume.
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
      if (attempts === maxAttempts) throw error;
    }
  }
  simulator.resetCounts();
  return { operation, inputs: operation === "update" ? { ...inputs, ...resource.change.inputs } : inputs };
}

/** Runs the operation once, as the user would. */
export async function attempt({ operation, inputs }: Intent, stack: StackOperations): Promise<void> {
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

/** Effects of the operation without a fault, which it must have with one as well. Recorded by `npm run chaos -- --record`. */
export function effectsOf(resource: ResourceCase, operation: Operation): number {
  const effects = (baseline as Record<string, number>)[`${resource.type} ${operation}`];
  if (effects === undefined) throw new Error("its effects are not recorded: npm run chaos -- --record");
  return effects;
}

/** Mutating requests that the operation itself sends. */
export function requestsOf(resource: ResourceCase, operation: Operation): number {
  return operation === "resume" ? 0 : effectsOf(resource, operation);
}

/** Counts the effects of the operation without a fault. */
export async function measureEffects(
  resource: ResourceCase,
  operation: Operation,
  door: Door,
): Promise<number> {
  let effects = 0;
  await withHarness(
    door,
    resource,
    async (harness) => {
      await attempt(await prepare(operation, resource, harness), harness.stack);
      ({ effects } = harness.simulator.counts());
    },
    { settings: { username: "ops", password: canary } },
  );
  return effects;
}

/** A resource whose work cannot be held has nothing to resume. */
export function applies(operation: Operation, resource: ResourceCase): boolean {
  return operation !== "resume" || resource.hold !== undefined;
}
