import {
  type FactFinderOptions,
  type FactFinderSimulator,
  startFactFinder,
} from "../../../simulators/index.ts";
import type { ResourceCase, Rig } from "../resource-case.ts";

interface FactFinderRig extends Rig {
  simulator: FactFinderSimulator;
  options: FactFinderOptions;
}

/** A director and a worker that has to reload channel `de`. */
async function start(
  given: Parameters<ResourceCase["start"]>[0],
  inputs: Rig["inputs"],
): Promise<FactFinderRig> {
  const options: FactFinderOptions = { reload: "asynchronous", reloadMs, workers: 1, ...given };
  const simulator = await startFactFinder(options);
  simulator.prune("de");
  const connections = {
    director: { endpoints: [simulator.director.url] },
    worker1: { endpoints: [simulator.worker(1).url] },
  };
  return { simulator, options, connections, inputs };
}

const reloadMs = 60;

/** A reload that does not end. */
function hold({ simulator, options }: FactFinderRig): () => void {
  const long = 86_400_000;
  options.reloadMs = long;
  return () => {
    options.reloadMs = reloadMs;
    simulator.clock.advance(long);
  };
}

const unknownChannel: ResourceCase["impossible"] = {
  inputs: { channel: "xx" },
  property: "channel",
  reason: /Unknown channel 'xx'/,
};

const badChannel: ResourceCase["bad"] = [
  [{ channel: undefined }, "channel", /is required/],
  [{ channel: "" }, "channel", /fewer than 1/],
  [{ chanel: "de" }, "chanel", /did you mean channel\?/],
];

const badPrune: ResourceCase["bad"] = [
  ...badChannel,
  [{ ifDatabaseVersion: -1 }, "ifDatabaseVersion", /must be >= 0/],
  [{ ifDatabaseVersion: 41.5 }, "ifDatabaseVersion", /not an integer/],
];

const reload = { method: "POST", path: /\/database\/sync\/full$/ };

export const factfinderCases: ResourceCase<FactFinderRig>[] = [
  {
    type: "factfinder:DatabasePrune",
    kind: "run",
    costs: 1,
    request: { method: "POST", path: /\/database\/prune$/ },
    leavesMark: true,
    landsWithin: 35,
    change: { inputs: { triggers: ["again"] }, costs: 1 },
    deleteCosts: 0,
    bad: badPrune,
    start: (options) => start(options, (refer) => ({ channel: "de", connection: refer("director") })),
    impossible: unknownChannel,
  },
  {
    type: "factfinder:DatabasePruneIntent",
    kind: "run",
    costs: 0,
    request: { method: "POST" },
    leavesMark: true,
    change: { inputs: { triggers: ["again"] }, costs: 0 },
    deleteCosts: 0,
    bad: badPrune,
    start: (options) => start(options, (refer) => ({ channel: "de", connection: refer("director") })),
  },
  {
    type: "factfinder:DatabaseSync",
    kind: "state",
    costs: 1,
    request: reload,
    leavesMark: true,
    change: { inputs: { verbose: true }, costs: 0 },
    deleteCosts: 0,
    bad: [
      ...badChannel,
      [{ director: undefined }, "director", /is required/],
      [{ director: "nowhere" }, "director", /no connection "nowhere"/],
      [{ nodes: [] }, "nodes", /fewer than 1/],
      [{ nodes: ["worker1", "nowhere"] }, "nodes[1]", /no connection "nowhere"/],
      [{ nodes: ["worker1", "worker1"] }, "nodes[1]", /the same node as nodes\[0\]/],
      [{ reload: "always" }, "reload", /not one of "never", "ifNeeded"/],
      [{ maxParallel: 0 }, "maxParallel", /must be >= 1/],
    ],
    start: (options) =>
      start(options, (refer) => ({
        channel: "de",
        director: refer("director"),
        nodes: [refer("worker1")],
      })),
    hold,
    heldAs: /databaseVersion 41/,
    drift: ({ simulator }) => simulator.addDeltas("de", [{ record: { id: "1" } }]),
    impossible: unknownChannel,
  },
  {
    type: "factfinder:NodeSync",
    kind: "run",
    costs: 1,
    request: reload,
    leavesMark: true,
    change: { inputs: { triggers: ["again"] }, costs: 1 },
    deleteCosts: 0,
    bad: [
      [{ channels: [] }, "channels", /fewer than 1/],
      [{ director: undefined }, "director", /required with channels/],
      [{ director: "nowhere" }, "director", /no connection "nowhere"/],
    ],
    start: (options) =>
      start(options, (refer) => ({
        channels: ["de"],
        director: refer("director"),
        connection: refer("worker1"),
      })),
    hold,
    heldAs: /databaseVersion 41/,
    impossible: { inputs: { channels: ["xx"] }, property: "channels", reason: /Unknown channel 'xx'/ },
  },
  {
    type: "factfinder:ConfigVersionReset",
    kind: "run",
    costs: 1,
    request: { method: "POST", path: /\/reset\/config\/version\/counters$/ },
    leavesMark: false,
    change: { inputs: { triggers: ["again"] }, costs: 1 },
    deleteCosts: 0,
    bad: [],
    start: (options) => start(options, (refer) => ({ connection: refer("worker1") })),
  },
];
