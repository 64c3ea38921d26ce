import { setTimeout as pause } from "node:timers/promises";
import { isDeepStrictEqual } from "node:util";

import type { Connection } from "../../provider/index.ts";

import { type Door, directDoor } from "../rules/door.ts";
import { play, type ResourceCase, type Scene, type Staging } from "../rules/resource-case.ts";
import { CheckFailed } from "../rules/stack.ts";
import { Incomplete } from "../support/flat.ts";
import {
  type Battle,
  type Blow,
  credentialsFor,
  planted,
  type Steps,
  type Strike,
  tokensOnly,
  type Witness,
} from "./blow.ts";
import { attempt, effectsOf, type Intent, type Operation, prepare, requestOf } from "./operation.ts";
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
const tries = 4;

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
  battle: Omit<Battle, "request">,
  verdict: Verdict,
): Promise<void> {
  const { simulator } = battle;
  const scene: Battle = { ...battle, request: requestOf(resource, operation) };
  const intended = effectsOf(resource, operation);
  const intent = await prepare(operation, resource, scene);
  const warnings = battle.session.said.warnings.length;
  const strike = await blow.strike(scene, intent);
  await using _over = { [Symbol.asyncDispose]: async () => strike.close?.() };
  const witnesses: Witness[] = [battle, ...(strike.others ?? [])];
  const afterFailure = async () => {
    verdict.left ??= await leftBehind(scene);
  };
  const { errors, attempts, isDone } = await attemptAll(witnesses, intent, strike, afterFailure);
  verdict.struck = strike.struck;

  const { effects } = simulator.counts();
  const isTold = blow.loses && battle.session.said.warnings.length > warnings;
  if (!isDone) verdict.lost = `still failing after ${tries} more: ${errors.at(-1)}`;
  else if (effects < intended && !isTold && !blow.fulfils?.(resource))
    verdict.wrong = `done after ${effects} of ${intended} effects`;
  // A run that may happen again is meant once by each who wants it.
  const isMeantTwice = resource.kind === "run" && resource.change.costs > 0;
  Object.assign(verdict, repetitions(effects, intended * (isMeantTwice ? witnesses.length : 1)));

  if (isDone && operation !== "delete") {
    for (const { stack } of witnesses) verdict.wrong ??= await changesInOneMore(scene, stack, intent, blow);
  }
  verdict.left ??= await leftBehind(scene);
  const shown = [witnesses.map(({ stack, session }) => [stack.state, session.said]), errors.map(dump)];
  if (JSON.stringify(shown).includes(planted)) verdict.leak = "in state, messages or errors";

  function repetitions(effects: number, meant: number): Partial<Verdict> {
    if (effects <= meant) return {};
    const mayRepeat = effects <= meant * attempts || blow.turnsAway;
    if (!resource.leavesMark && mayRepeat) return { repeated: true };
    if (blow.loses && strike.struck && effects <= 2 * meant) return { again: true };
    return { duplicate: `${effects} effects for ${meant} intended` };
  }
}

/** Until all have what they want: the first attempt with the trouble, the others after it. */
async function attemptAll(
  witnesses: Witness[],
  intent: Intent,
  strike: Strike,
  afterFailure: () => Promise<void>,
): Promise<{ errors: unknown[]; attempts: number; isDone: boolean }> {
  const errors: unknown[] = [];
  let missing = witnesses;
  let attempts = 0;
  for (; attempts <= tries && missing.length > 0; attempts++) {
    const isFirst = attempts === 0;
    const [own, ...theirs] = missing;
    // What the server has lost may have been carried out: whether it is wanted once more is for a person to say.
    const isOpen = /is not sent again, as it may have been carried out/.test(`${errors.at(-1)}`);
    const begin = ({ stack }: Witness) =>
      isOpen && attempts === tries ? replace(intent, stack) : attempt(intent, stack);
    const first = isFirst && strike.attempt ? strike.attempt() : own && begin(own);
    const ends = await Promise.allSettled([first, ...theirs.map(begin)]);
    if (isFirst && ends.some(({ status }) => status === "rejected")) await afterFailure();
    if (isFirst) await strike.end();
    missing = missing.filter((_, index) => ends[index]?.status === "rejected");
    const failures = ends.filter((end) => end.status === "rejected").map(({ reason }) => reason as unknown);
    errors.push(...failures);
    // What a preview has read may serve it for some seconds; the next `up` is another process and reads anew.
    if (failures.some((failure) => failure instanceof CheckFailed)) await pause(previewMemory);
  }
  return { errors, attempts, isDone: missing.length === 0 };
}

/** `pulumi up --replace`. */
async function replace({ inputs }: Intent, stack: Steps): Promise<void> {
  await stack.destroy();
  await stack.up(inputs);
}

/** What another refresh and `up` find to do: nothing, where the state names the truth. */
async function changesInOneMore(
  { simulator, resource }: Battle,
  stack: Steps,
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

/** Reads that were asked for together with the one that failed are on their way yet. */
const grace = 100;
/** Longer than from one look to the next. */
const quiet = 350;

/** Requests that go on, or are still made, although nobody waits for them any more. */
async function leftBehind({ simulator }: Battle): Promise<string | undefined> {
  await pause(grace);
  for (let wait = 0; simulator.inFlight > 0 && wait < 1_000; wait += 20) await pause(20);
  if (simulator.inFlight > 0) return `${simulator.inFlight} requests go on`;
  const before = simulator.requests.length;
  await pause(quiet);
  const more = simulator.requests.length - before;
  return more > 0 ? `${more} more requests` : undefined;
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
