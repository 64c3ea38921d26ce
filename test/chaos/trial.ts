import { setTimeout as pause } from "node:timers/promises";
import { isDeepStrictEqual } from "node:util";
import { type Connection, Incomplete } from "../../provider/index.ts";
import { type Door, directDoor } from "../rules/door.ts";
import { play, type ResourceCase, type Scene, type Staging } from "../rules/resource-case.ts";
import { CheckFailed } from "../rules/stack.ts";
import { type Battle, type Blow, credentialsFor, planted, tokensOnly } from "./blow.ts";
import { attempt, effectsOf, type Intent, type Operation, prepare } from "./operation.ts";
import { Relay } from "./relay.ts";

export interface Trial {
  resource: ResourceCase;
  operation: Operation;
  blow: Blow;
  /** How long the remote work takes, in milliseconds, as the seed draws it. */
  workMs: number;
}

/** What came of a trial; each of these may be said by one line of the summary. */
export interface Verdict {
  trial: string;
  /** Its row of the matrix. */
  blow: string;
  /** The blow has hit something. */
  struck?: boolean;
  /** More effects than intents. */
  duplicate?: string;
  /** No `up` brings it to its end, or the stack does not know what there is. */
  lost?: string;
  /** Said to be done, and it was not so. */
  wrong?: string;
  /** A planted credential came to light. */
  leak?: string;
  /** Something goes on after the end. */
  left?: string;
  /** Sent again where the system shows no mark: harmless twice, and documented. */
  repeated?: boolean;
  /** Asked for again after the server had lost it. */
  again?: boolean;
}

/** Longer than a preview's reads are shared. */
const previewMemory = 5_200;
/** An `up` more than this many after the trouble is over is one too many. */
const patience = 4;

export function nameOf({ resource, operation, blow }: Trial): string {
  return `${resource.type} ${operation}: ${blow.name} ${blow.when}`;
}

/** A hang must cost the matrix less than a person's patience. */
const hasty = { requestTimeout: 0.3 };

/** Plays one case of the matrix over real sockets: the operation with the blow, then `up` until it is done, then one more. */
export function judge(trial: Trial, door: Door): Promise<Verdict> {
  return onStage(trial, hasty, (scene, verdict) => suffer(trial, { ...scene, door }, verdict), door);
}

/** Sets up what the trial needs, and clears it away. */
export async function onStage(
  trial: Trial,
  settings: Partial<Connection>,
  work: (scene: Scene & Pick<Battle, "resource" | "relays">, verdict: Verdict) => Promise<void>,
  door: Door = directDoor,
): Promise<Verdict> {
  const { resource, blow, workMs } = trial;
  const verdict: Verdict = { trial: nameOf(trial), blow: blow.name };
  await using cleanUp = new AsyncDisposableStack();
  const relays: Relay[][] = [];
  const staging: Staging = {
    actionMs: workMs,
    reloadMs: workMs,
    ...(blow.needs === "oauth2" && { auth: tokensOnly }),
    ...(blow.needs === "leader" && { endpointPerNode: true }),
    async settings(connection) {
      const common = { ...settings, ...credentialsFor(blow.needs, connection) };
      if (blow.needs !== "relays") return common;
      const target = connection.endpoints?.[0] as string;
      const pair = [cleanUp.use(await Relay.to(target)), cleanUp.use(await Relay.to(target))];
      relays.push(pair);
      return { ...common, endpoints: pair.map(({ url }) => url) };
    },
  };
  try {
    await play(door, resource, (scene) => work({ ...scene, resource, relays }, verdict), staging);
  } catch (error) {
    verdict.lost ??= `the trial itself broke: ${error instanceof Error ? error.message : error}`;
  }
  return verdict;
}

/** @see judge */
export async function suffer(
  { resource, operation, blow }: Trial,
  battle: Battle,
  verdict: Verdict,
): Promise<void> {
  const { simulator, stack, session } = battle;
  const errors: unknown[] = [];
  const intended = effectsOf(resource, operation);
  const intent = await prepare(operation, resource, battle);
  const strike = await blow.strike(battle, intent);
  let done = false;
  for (let tries = 0; tries <= patience && !done; tries++) {
    try {
      if (tries === 0 && strike.attempt) await strike.attempt();
      else await attempt(intent, stack);
      done = true;
    } catch (error) {
      errors.push(error);
      // What a preview has read may serve it for some seconds; the next `up` is another process and reads anew.
      if (error instanceof CheckFailed) await pause(previewMemory);
    }
    const isTold = blow.fulfils?.(resource) || (blow.loses && session.said.warnings.length > 0);
    if (done && simulator.counts().effects < intended && !isTold) {
      verdict.wrong = `done after ${simulator.counts().effects} of ${intended} effects`;
    }
    await strike.end();
  }
  verdict.struck = strike.struck;
  const { effects } = simulator.counts();
  const intents = resource.kind === "run" ? (blow.intents ?? 1) : 1;
  if (!done) verdict.lost = `still failing after ${patience} more: ${errors.at(-1)}`;
  else if (effects > intended * intents) {
    if (!resource.leavesMark) verdict.repeated = true;
    else if (blow.loses && effects <= 2 * intended) verdict.again = true;
    else verdict.duplicate = `${effects} effects for ${intended} intended`;
  }
  if (done && operation !== "delete") verdict.wrong ??= await changesInOneMore(battle, intent, blow);
  if (done) verdict.left = await leftBehind(battle);
  const shown = [stack.state, session.said, errors.map(dump)];
  if (withoutSettings(shown, battle).includes(planted)) verdict.leak = "in state, messages or errors";
}

/** What another refresh and `up` find to do: nothing, where the state names the truth. */
async function changesInOneMore(
  { simulator, stack, resource }: Battle,
  { inputs }: Intent,
  blow: Blow,
): Promise<string | undefined> {
  simulator.resetCounts();
  const known = stack.state?.outputs;
  await stack.refresh();
  const step = await stack.up(inputs);
  const { mutating } = simulator.counts();
  if (step !== "same" || mutating > 0) return `one more up: ${step}, ${mutating} mutating requests`;
  const mayDiffer = blow.loses || blow.deceives?.(resource);
  if (!mayDiffer && !isDeepStrictEqual(known, stack.state?.outputs)) {
    return `a refresh finds ${JSON.stringify(stack.state?.outputs)} where the state said ${JSON.stringify(known)}`;
  }
  return undefined;
}

/** Requests that go on although nobody waits for them any more. */
async function leftBehind({ simulator }: Battle): Promise<string | undefined> {
  for (let wait = 0; simulator.inFlight > 0 && wait < 1_000; wait += 20) await pause(20);
  return simulator.inFlight > 0 ? `${simulator.inFlight} requests go on` : undefined;
}

function withoutSettings(shown: unknown, { connections }: Battle): string {
  return Object.values(connections).reduce(
    (text, settings) => text.replaceAll(JSON.stringify(settings), ""),
    JSON.stringify(shown),
  );
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
