import { setTimeout as pause } from "node:timers/promises";
import { isDeepStrictEqual } from "node:util";
import type { Connection } from "../../provider/index.ts";
import { type Door, directDoor } from "../rules/door.ts";
import { type Harness, type HarnessOptions, type ResourceCase, withHarness } from "../rules/resource-case.ts";
import { Incomplete } from "../support/flat.ts";
import { attemptAll, retries } from "./attempts.ts";
import {
  canary,
  credentialsFor,
  type Fault,
  type FaultHarness,
  type StackOperations,
  tokensOnly,
  type User,
} from "./fault.ts";
import { effectsOf, type Intent, type Operation, prepare, requestOf } from "./operation.ts";
import { Relay } from "./relay.ts";

export interface Scenario {
  resource: ResourceCase;
  operation: Operation;
  fault: Fault;
  /** How long the remote work takes, in milliseconds, as the seed draws it. */
  workMs: number;
  /** On the CLI: through the native plugin instead of the dynamic provider. */
  isNative?: boolean;
}

/** The result of one scenario. Each property is counted in a column of the summary. */
export interface Outcome {
  scenario: string;
  /** Its row of the matrix. */
  fault: string;
  /** Whether the fault took place. */
  injected?: boolean;
  /** More effects than intents. */
  duplicate?: string;
  /** No `up` completes it, or the stack does not know what exists. */
  lost?: string;
  /** Reported as done, and it was not. */
  wrong?: string;
  /** The canary credential was shown. */
  leak?: string;
  /** Requests are still open, or still sent, after the end. */
  left?: string;
  /** Sent again where the system leaves no mark: harmless twice, and documented. */
  repeated?: boolean;
  /** Requested again after the server had lost it. */
  again?: boolean;
}

/** The shortest pause before a call is sent again, and the shortest one of those that are as long as they get. */
const [shortestPause, longestPause] = [240, 4_000];
export function nameOf({ resource, operation, fault, isNative }: Scenario): string {
  return `${resource.type} ${operation}: ${fault.name} ${fault.when}${isNative ? ", native" : ""}`;
}

/** A hang must not cost the matrix the default timeout. */
const shortTimeouts = { requestTimeout: 0.3 };

/** Runs one scenario over real sockets: the operation with the fault, then `up` until it succeeds, then one more `up`. */
export function runScenario(scenario: Scenario, door: Door): Promise<Outcome> {
  return withInstallation(
    scenario,
    shortTimeouts,
    (harness, outcome) => runWithFault(scenario, { ...harness, door }, outcome),
    door,
  );
}

/** Starts the installation that the scenario needs, and stops it afterwards. */
export async function withInstallation(
  scenario: Scenario,
  settings: Partial<Connection>,
  work: (harness: Harness & Pick<FaultHarness, "resource" | "relays">, outcome: Outcome) => Promise<void>,
  door: Door = directDoor,
): Promise<Outcome> {
  const { resource, fault, workMs } = scenario;
  const outcome: Outcome = { scenario: nameOf(scenario), fault: fault.name };
  await using cleanUp = new AsyncDisposableStack();
  const relays: Relay[][] = [];
  const options: HarnessOptions = {
    actionMs: workMs,
    reloadMs: workMs,
    ...(fault.needs === "oauth2" && { auth: tokensOnly }),
    ...(fault.needs === "leader" && { endpointPerNode: true }),
    async settings(connection) {
      const common = { ...settings, ...credentialsFor(fault.needs, connection) };
      if (fault.needs !== "relays") return common;
      const target = connection.endpoints?.[0] as string;
      const pair = [cleanUp.use(await Relay.to(target)), cleanUp.use(await Relay.to(target))];
      relays.push(pair);
      return { ...common, endpoints: pair.map(({ url }) => url) };
    },
  };
  try {
    await withHarness(door, resource, (harness) => work({ ...harness, resource, relays }, outcome), options);
  } catch (error) {
    outcome.lost ??= `the scenario itself failed: ${error instanceof Error ? error.message : error}`;
  }
  return outcome;
}

/** @see runScenario */
export async function runWithFault(
  { resource, operation, fault }: Scenario,
  given: Omit<FaultHarness, "request">,
  outcome: Outcome,
): Promise<void> {
  const harness: FaultHarness = { ...given, request: requestOf(resource, operation) };
  const intended = effectsOf(resource, operation);
  const intent = await prepare(operation, resource, harness);
  const { simulator, session } = harness;
  const warnings = session.said.warnings.length;
  const injection = await fault.inject(harness, intent);
  await using _over = { [Symbol.asyncDispose]: async () => injection.close?.() };
  const users: User[] = [harness, ...(injection.others ?? [])];
  const afterFailure = async () => {
    outcome.left ??= await leftBehind(harness);
  };
  const began = performance.now();
  const { errors, attempts, isDone, isDecided } = await attemptAll(users, intent, injection, afterFailure);
  const spent = performance.now() - began;
  outcome.injected = injection.injected;

  const { effects } = simulator.counts();
  const isWarned = fault.losesWork && session.said.warnings.length > warnings;
  if (!isDone) outcome.lost = `still failing after ${retries} more: ${errors.at(-1)}`;
  else if (effects < intended && !isWarned && !fault.satisfies?.(resource))
    outcome.wrong = `done after ${effects} of ${intended} effects`;
  // A run that may be repeated is intended once by each stack.
  const isPerStack = resource.kind === "run" && resource.change.costs > 0;
  Object.assign(outcome, repetitions(effects, intended * (isPerStack ? users.length : 1)));

  if (isDone && operation !== "delete") {
    for (const { stack } of users) outcome.wrong ??= await changesInOneMoreUp(harness, stack, intent, fault);
  }
  outcome.left ??= await leftBehind(harness);
  const shown = [users.map(({ stack, session }) => [stack.state, session.said]), errors.map(dump)];
  if (JSON.stringify(shown).includes(canary)) outcome.leak = "in state, messages or errors";

  function repetitions(effects: number, intended: number): Partial<Outcome> {
    if (effects <= intended) return {};
    // Such a call does no harm twice, and is sent until it is answered: only where nothing was in doubt is a second one too many, or where
    // the pauses between two of them did not grow.
    const most = intended * users.length * attempts * sendsWithin(spent);
    const isInDoubt = injection.injected || attempts > 1;
    if (!resource.leavesMark && isInDoubt && effects <= most) return { repeated: true };
    const mayRunAgain = isDecided || ((fault.losesWork || fault.asksAgain) && injection.injected);
    if (mayRunAgain && effects <= 2 * intended) return { again: true };
    return { duplicate: `${effects} effects for ${intended} intended` };
  }
}

/** How often one call can be sent in so many milliseconds: each time after a pause twice as long as the one before (http/retry-pause.ts). */
function sendsWithin(milliseconds: number): number {
  let [sends, left] = [1, milliseconds];
  for (let pause = shortestPause; left >= pause; pause = Math.min(2 * pause, longestPause)) {
    left -= pause;
    sends++;
  }
  return sends;
}

/** What another refresh and `up` change: nothing, if the state is true. */
async function changesInOneMoreUp(
  { simulator, resource }: FaultHarness,
  stack: StackOperations,
  { inputs }: Intent,
  fault: Fault,
): Promise<string | undefined> {
  simulator.resetCounts();
  const known = stack.state?.outputs;
  await stack.refresh();
  const step = await stack.up(inputs);
  const { mutating } = simulator.counts();
  if (step !== "same" || mutating > 0) return `one more up: ${step}, ${mutating} mutating requests`;
  const mayDiffer = fault.losesWork || fault.isPlausible?.(resource);
  if (!mayDiffer && !isDeepStrictEqual(known, stack.state?.outputs)) {
    return `a refresh finds ${JSON.stringify(stack.state?.outputs)} where the state said ${JSON.stringify(known)}`;
  }
  return undefined;
}

/** Reads that were sent in parallel with the one that failed may still be open. */
const grace = 100;
/** Longer than one polling interval. */
const quiet = 350;

/** Requests that are still open, or still sent, although nobody waits for them any more. */
async function leftBehind({ simulator }: FaultHarness): Promise<string | undefined> {
  await pause(grace);
  for (let wait = 0; simulator.inFlight > 0 && wait < 1_000; wait += 20) await pause(20);
  if (simulator.inFlight > 0) return `${simulator.inFlight} requests still open`;
  const before = simulator.requests.length;
  await pause(quiet);
  const more = simulator.requests.length - before;
  return more > 0 ? `${more} more requests` : undefined;
}

/** All the text of an error and its causes. */
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
