import assert from "node:assert/strict";
import { setTimeout as pause } from "node:timers/promises";
import { type Door, directDoor, type Session } from "../rules/door.ts";
import { Incomplete } from "../support/flat.ts";
import { type Expected, expectedOf, type TypedState } from "./expected.ts";
import type { GoldenState, Properties } from "./states.ts";
import { open, type World } from "./worlds/index.ts";
import { type Installation, real } from "./worlds/installation.ts";

/** A recorded state given to today's code, and its simulator in the recorded situation. */
export interface Replay {
  state: GoldenState;
  expected: Expected;
  installation: Installation;
  session: Session;
  /** Mutating requests so far, as `method path`. */
  sent(): string[];
}

/** Runs a test on a state. @param situation derives the situation from the recorded one; default: as recorded */
export async function replay(
  typed: TypedState,
  work: (replay: Replay) => Promise<void>,
  situation: (recorded: World) => World = (recorded) => recorded,
  door: Door = directDoor,
): Promise<void> {
  const { type, ...golden } = typed;
  await using installation = await open(situation(golden.world));
  await using session = await door.open(type, installation.connections);
  const mutating = () => installation.simulator.requests.filter((request) => request.mutating);
  const sent = () => mutating().map(({ method, path }) => `${method} ${path}`);
  await work({ state: real(installation, golden), expected: expectedOf(typed), installation, session, sent });
}

/** `preview` and `up` of the unchanged program: nothing to do, or an update where something is unfinished. Never a replacement. */
export async function staysAsItIs(replayed: Replay): Promise<void> {
  const { state, session, sent } = replayed;
  for (const preview of [true, false]) {
    const checked = await checkedInputs(replayed, state.program, { preview });
    await differsOnlyIfUnfinished(replayed, state.outputs, checked);
  }
  assert.deepEqual(sent(), []);
  if (state.outcome === "finished") assert.deepEqual(session.said.warnings, []);
}

/** The same program on a stack that has lost the state: a preview reads the system, and accepts it. */
export async function mayBeDeclaredAnew({ state, expected, session, sent }: Replay): Promise<void> {
  const { failures } = await session.check(undefined, state.program, true);
  assert.deepEqual(
    failures.map(({ property }) => property),
    expected.refused ?? [],
  );
  assert.deepEqual(sent(), []);
}

/** `refresh`: still there, as the program wants it, and what is unfinished stays so. */
export async function survivesRefresh(replayed: Replay): Promise<void> {
  const { state, expected, session, sent } = replayed;
  const found = await session.read(state.id, state.outputs);
  assert.deepEqual(sent(), []);
  assert.equal(found === undefined, expected.isGone ?? false);
  if (!found) return;
  const checked = await checkedInputs(replayed, state.program, { recorded: found.inputs });
  await differsOnlyIfUnfinished(replayed, found.outputs, checked);
  if (state.outcome !== "finished") return;
  holds(found.inputs, visible(state.inputs));
  holds(found.outputs, visible(state.outputs));
}

/** A changed `timeout`: recorded in place, after a read of the system, and nothing is sent. */
export async function takesAnotherTimeout(replayed: Replay): Promise<void> {
  const { state, session, sent } = replayed;
  const checked = await checkedInputs(replayed, { ...state.program, timeout: "17m" }, { preview: true });
  const { changes, replaces } = await session.diff(state.id, state.outputs, checked);
  assert.deepEqual({ changes, replaces }, { changes: true, replaces: [] });
  const { outputs } = await session.update(state.id, state.outputs, checked);
  holds(outputs, { ...visible(state.outputs), timeout: "17m" });
  assert.deepEqual(sent(), []);
}

/** `up` of the unchanged program completes what is unfinished. */
export async function isResumed(replayed: Replay, mutating = replayed.expected.later): Promise<void> {
  const { state, session, sent } = replayed;
  const checked = await checkedInputs(replayed, state.program);
  const { outputs } = await session.update(state.id, state.outputs, checked);
  assert.equal(sent().length, mutating, sent().join("\n"));
  holds(outputs, visible(state.inputs));
  const { changes } = await session.diff(state.id, outputs, checked);
  assert.equal(changes, false);
}

/** The same while what is under way runs on: it ends some time after this `up` has seen it run. */
export async function isJoined(replayed: Replay): Promise<void> {
  const { installation, expected } = replayed;
  const stop = installation.simulator.watch(({ path }) => {
    if (!installation.shows.test(path)) return;
    stop();
    void pause(250).then(() => installation.finish());
  });
  await isResumed(replayed, expected.during);
}

/** The same after a refresh, which clears the engine's own mark of what is unfinished. */
export async function isResumedAfterRefresh(replayed: Replay): Promise<void> {
  const { state, session } = replayed;
  const found = await session.read(state.id, state.outputs);
  assert.ok(found);
  await isResumed({ ...replayed, state: { ...state, outputs: found.outputs } });
}

/** The same after what was under way has failed: reported, and run again by the next `up`; or repaired at once. */
export async function isFoundEndedBadly(replayed: Replay): Promise<void> {
  const { state, expected, session, sent } = replayed;
  const { mutating, fails } = expected.badly as { mutating: number; fails: boolean };
  if (!fails) return isResumed(replayed, mutating);
  const checked = await checkedInputs(replayed, state.program);
  await assert.rejects(session.update(state.id, state.outputs, checked), (error) => {
    assert.ok(error instanceof Incomplete, String(error));
    state.outputs = error.outputs;
    return true;
  });
  assert.equal(sent().length, mutating, sent().join("\n"));
  await isResumed(replayed, mutating + 1);
}

export async function isDeleted({ state, expected, session, sent }: Replay): Promise<void> {
  await session.delete(state.id, state.outputs);
  assert.equal(sent().length, expected.deleted, sent().join("\n"));
}

async function differsOnlyIfUnfinished(
  { state, session }: Replay,
  outputs: Properties,
  checked: Properties,
): Promise<void> {
  const { changes, replaces } = await session.diff(state.id, outputs, checked);
  const isUnfinished = state.outcome !== "finished";
  assert.deepEqual({ changes, replaces }, { changes: isUnfinished, replaces: [] });
}

/** What check makes of a program: no failures, and all that was recorded. It may know more inputs than the release did. */
async function checkedInputs(
  { state, session }: Replay,
  program: Properties,
  { preview = false, recorded = state.inputs } = {},
): Promise<Properties> {
  const { inputs, failures } = await session.check(recorded, program, preview);
  assert.deepEqual(failures, []);
  holds(inputs, { ...state.inputs, ...program });
  return inputs;
}

/** Every property is as it was; there may be more of them. */
function holds(now: Properties, before: Properties): void {
  const kept = Object.keys(before).map((key) => [key, now[key]]);
  assert.deepEqual(Object.fromEntries(kept), before);
}

/** Without the keys that belong to doors and to the lifecycle. */
function visible(properties: Properties): Properties {
  return Object.fromEntries(Object.entries(properties).filter(([key]) => !key.startsWith("__")));
}
