import {
  type FactFinderNode,
  type FactFinderOptions,
  type FactFinderSimulator,
  startFactFinder,
} from "../../../simulators/index.ts";
import type { Installation } from "./installation.ts";

/** A director, and what each worker has loaded of its channels. */
export interface FactFinderWorld {
  system: "factfinder";
  director: Channels;
  workers: Record<string, Channels>;
  /** What the workers have once what they are loading is loaded. */
  becomes?: Record<string, Channels>;
  /** Workers that do not answer. */
  down?: string[];
}

/** By channel. */
export type Channels = Record<
  string,
  { databaseVersion: number; deltaVersion: number; deltaErrorCount: number }
>;

export type FactFinderInstallation = Installation<FactFinderWorld, FactFinderSimulator, FactFinderOptions>;

const before = { databaseVersion: 41, deltaVersion: 7, deltaErrorCount: 0 };
const after = { databaseVersion: 42, deltaVersion: 0, deltaErrorCount: 0 };

/** Both workers have what the director has. */
export const inSync: FactFinderWorld = {
  system: "factfinder",
  director: { de: before, en: before },
  workers: { worker1: { de: before, en: before }, worker2: { de: before, en: before } },
};

/** Channel `de` was pruned: both workers have to reload. */
export const pruned: FactFinderWorld = { ...inSync, director: { de: after, en: before } };

const long = 86_400_000;

/** From now on a reload does not come to its end by itself. */
export function holdReloads({ options }: FactFinderInstallation): void {
  options.reloadMs = long;
}

export async function openFactFinder(
  world: FactFinderWorld,
  more: FactFinderOptions = {},
): Promise<FactFinderInstallation> {
  const { director, workers, becomes = {}, down = [] } = world;
  const options: FactFinderOptions = {
    workers: Object.keys(workers).length,
    channels: Object.keys(director),
    databaseVersion: before.databaseVersion,
    deltaVersion: before.deltaVersion,
    reload: "asynchronous",
    reloadMs: 60,
    ...more,
  };
  const simulator = await startFactFinder(options);
  for (const [channel, { databaseVersion, deltaVersion }] of Object.entries(director)) {
    const has = () => simulator.director.state(channel);
    while (has().databaseVersion < databaseVersion) simulator.prune(channel);
    while (has().deltaVersion < deltaVersion) simulator.addDeltas(channel, [{ record: { id: "1" } }]);
  }
  load(simulator, workers);
  for (const name of down) await nodeOf(simulator, name).goDown();
  const nodes = [simulator.director, ...simulator.workers];
  const named = nodes.map(({ name, url }) => [name, { endpoints: [url] }]);
  return {
    simulator,
    options,
    connections: {
      factfinder: { endpoints: [simulator.director.url] },
      ...Object.fromEntries(named),
    },
    addresses: nodes.map(({ name, url }) => [`http://${name}.example/fact-finder`, url]),
    shows: /\/database\/state$/,
    look: () => lookAt(simulator, world),
    finish: () => load(simulator, becomes),
    [Symbol.asyncDispose]: () => simulator.close(),
  };
}

function load(simulator: FactFinderSimulator, workers: Record<string, Channels>): void {
  for (const [name, channels] of Object.entries(workers))
    for (const [channel, state] of Object.entries(channels)) nodeOf(simulator, name).setState(channel, state);
}

function lookAt(
  simulator: FactFinderSimulator,
  { director, workers, down }: FactFinderWorld,
): FactFinderWorld {
  const channels = Object.keys(director);
  const of = (node: FactFinderNode): Channels =>
    Object.fromEntries(channels.map((channel) => [channel, node.state(channel)]));
  const all = () =>
    Object.fromEntries(Object.keys(workers).map((name) => [name, of(nodeOf(simulator, name))]));
  const now = all();
  simulator.clock.advance(long);
  const later = all();
  return {
    system: "factfinder",
    director: of(simulator.director),
    workers: now,
    ...(JSON.stringify(later) !== JSON.stringify(now) && { becomes: later }),
    ...(down && { down }),
  };
}

function nodeOf(simulator: FactFinderSimulator, name: string): FactFinderNode {
  const node = simulator.workers.find((worker) => worker.name === name);
  if (!node) throw new Error(`there is no ${name}`);
  return node;
}

/** The same a little later: what was being loaded is loaded, and everybody answers. */
export function factfinderLater({ becomes, down: _, ...world }: FactFinderWorld): FactFinderWorld {
  return { ...world, workers: becomes ?? world.workers };
}
