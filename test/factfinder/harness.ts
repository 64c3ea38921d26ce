import assert from "node:assert/strict";
import { type Connection, Session as ProviderSession, unknown } from "../../provider/index.ts";
import { type FactFinderOptions, type FactFinderSimulator, startFactFinder } from "../../simulators/index.ts";
import { directDoor, type Properties, type Session } from "../rules/door.ts";
import { Stack } from "../rules/stack.ts";
import { Incomplete } from "../support/flat.ts";

/** A FACT-Finder cluster of director and workers, and a stack of one resource on it. */
export interface Harness {
  ff: FactFinderSimulator;
  stack: Stack;
  session: Session;
  /** Requests that some work costs: how many were sent that change something, and how many really did. */
  cost(work: () => Promise<unknown>): Promise<{ mutating: number; effects: number }>;
  /** The outputs in state. */
  outputs(): Properties;
}

/**
 * Runs a test on a fresh cluster. Connections are named as the simulator names its nodes (`director`, `worker1`, ...); `factfinder`, which
 * resources take by default, is the director too.
 *
 * @param type e.g. `DatabaseSync`
 */
export async function withHarness(
  type: string,
  options: FactFinderOptions,
  run: (harness: Harness) => Promise<void>,
  settings: Partial<Connection> | ((url: string) => Partial<Connection>) = {},
): Promise<void> {
  await using ff = await startFactFinder({ reloadMs: 20, ...options });
  const settingsOf = typeof settings === "function" ? settings : () => settings;
  const nodes = [ff.director, ...ff.workers].map(({ name, url }) => [
    name,
    { endpoint: url, ...settingsOf(url) },
  ]);
  const connections = { ...Object.fromEntries(nodes), factfinder: nodes[0]?.[1] as Connection };
  await using session = await directDoor.open(`factfinder:${type}`, connections);
  const stack = new Stack(session);
  await run({
    ff,
    stack,
    session,
    async cost(work) {
      ff.resetCounts();
      await work();
      const { mutating, effects } = ff.counts();
      return { mutating, effects };
    },
    outputs: () => stack.state?.outputs ?? assert.fail("nothing is recorded"),
  });
}

/** The failure of some work, which must be recorded as begun. */
export async function incompletenessOf(work: Promise<unknown>): Promise<Incomplete> {
  const error = await failureOf(work);
  assert.ok(error instanceof Incomplete, error.stack);
  return error;
}

/** The failure of some work. */
export async function failureOf(work: Promise<unknown>): Promise<Error> {
  return work.then(
    () => assert.fail("succeeded although it cannot"),
    (error: Error) => error,
  );
}

/** Inputs of a sync of channel de on so many workers. */
export function syncOf(workers: number, more: Properties = {}): Properties {
  const nodes = Array.from({ length: workers }, (_, index) => `worker${index + 1}`);
  return { channel: "de", director: "director", nodes, ...more };
}

/** Which workers are in sync, in order. */
export function inSync(ff: FactFinderSimulator): boolean[] {
  return ff.workers.map((worker) => worker.isInSync("de"));
}

/** A delta update that every node takes. */
export const update = { record: { ArticleNumber: "1234" } };

/** A `DatabasePrune` and the companion that a program registers ahead of it, as one thing. */
export interface PruneProgram {
  ff: FactFinderSimulator;
  prune: Stack;
  session: Session;
  companion: Stack;
  /** What lives as long as the process that runs the program. */
  process: ProviderSession;
  preview(inputs: Properties): Promise<void>;
  up(inputs: Properties): Promise<void>;
}

/** Opens one on a running cluster. @param other another one of the same program */
export async function pruneProgram(ff: FactFinderSimulator, other?: PruneProgram): Promise<PruneProgram> {
  const connections = { factfinder: { endpoint: ff.director.url } };
  const process = other?.process ?? new ProviderSession();
  const open = (type: string) => directDoor.open(`factfinder:${type}`, connections, { process });
  const session = other?.session ?? (await open("DatabasePrune"));
  const companion = new Stack(await open("DatabasePruneIntent"));
  const prune = new Stack(session);
  return {
    ff,
    prune,
    session,
    companion,
    process,
    async preview(inputs) {
      const step = await companion.preview(inputs);
      const __before = step === "same" ? companion.state?.outputs.before : unknown;
      await prune.preview({ ...inputs, __before });
    },
    async up(inputs) {
      await companion.up(inputs);
      await prune.up({ ...inputs, __before: companion.state?.outputs.before });
    },
  };
}
