import type { FaultKind } from "../../../simulators/index.ts";
import {
  type FactFinderInstallation,
  type FactFinderWorld,
  holdReloads,
  inSync,
  openFactFinder,
  pruned,
} from "../worlds/factfinder.ts";
import { type Case, shortly } from "./case.ts";

/** What becomes of the request that prunes. */
function pruneMeets(fault: FaultKind, when: "before" | "after") {
  return ({ simulator }: FactFinderInstallation) =>
    simulator.fault({ ...fault, when, match: { method: "POST", path: /\/database\/prune$/ } });
}

const behindByDeltas: FactFinderWorld = {
  ...inSync,
  director: { ...inSync.director, de: { databaseVersion: 41, deltaVersion: 9, deltaErrorCount: 0 } },
};
const channel = { channel: "de" };
const prune = { type: "factfinder:DatabasePrune", open: () => openFactFinder(inSync), program: channel };
const pruneIntent = { ...prune, type: "factfinder:DatabasePruneIntent" };
const workers = { ...channel, director: "factfinder", nodes: ["worker1", "worker2"] };
const sync = { type: "factfinder:DatabaseSync", open: () => openFactFinder(pruned), program: workers };
const worker = { connection: "worker1", channels: ["de", "en"], director: "director" };
const nodeSync = { type: "factfinder:NodeSync", open: () => openFactFinder(pruned), program: worker };
const reset = { type: "factfinder:ConfigVersionReset", open: () => openFactFinder(inSync), program: {} };
const unfinished = { outcome: "unfinished", timeoutSeconds: shortly } as const;

export const factfinderCases: Case<FactFinderInstallation>[] = [
  { ...pruneIntent, name: "finished" },
  {
    ...pruneIntent,
    name: "finished, with parameters",
    program: { ...channel, connection: "director", ifDatabaseVersion: 41, triggers: ["2026-11-26"] },
  },

  { ...prune, name: "finished" },
  {
    ...prune,
    name: "finished, with parameters",
    program: {
      ...channel,
      connection: "director",
      ifDatabaseVersion: 41,
      triggers: ["2026-11-26", 7],
      timeout: "2m",
    },
  },
  {
    ...prune,
    name: "finished: ifDatabaseVersion had passed",
    open: () => openFactFinder(pruned),
    program: { ...channel, ifDatabaseVersion: 41 },
  },
  { ...prune, name: "run again by triggers", earlier: channel, program: { ...channel, triggers: ["again"] } },
  {
    ...prune,
    ...unfinished,
    name: "unfinished: no answer, but carried out",
    arrange: pruneMeets({ kind: "hang" }, "after"),
  },
  {
    ...prune,
    ...unfinished,
    name: "unfinished: no answer, and not carried out",
    arrange: pruneMeets({ kind: "hang" }, "before"),
  },

  { ...sync, name: "finished" },
  {
    ...sync,
    name: "finished by delta updates, with parameters",
    open: () => openFactFinder(behindByDeltas),
    program: { ...workers, reload: "never", verbose: true, maxParallel: 2, triggers: [41], timeout: "1h" },
  },
  {
    ...sync,
    name: "finished, with an inline director and node",
    program: {
      ...channel,
      director: { endpoints: ["http://director.example/fact-finder"] },
      nodes: ["worker1", { endpoint: "http://worker2.example/fact-finder" }],
    },
  },
  { ...sync, name: "adopted: they were in sync", open: () => openFactFinder(inSync) },
  {
    ...sync,
    name: "brought in sync again by triggers",
    earlier: { ...workers, triggers: [42] },
    program: { ...workers, triggers: [43] },
    arrange: ({ simulator }) => simulator.prune("de"),
  },
  { ...sync, ...unfinished, name: "unfinished: the first node reloads", arrange: holdReloads },
  {
    ...sync,
    ...unfinished,
    name: "unfinished: both nodes reload",
    program: { ...workers, maxParallel: 2 },
    arrange: holdReloads,
  },
  {
    ...sync,
    name: "unfinished: a node does not answer",
    outcome: "unfinished",
    open: () => openFactFinder({ ...pruned, down: ["worker2"] }),
    timeoutSeconds: 60,
  },

  { ...nodeSync, name: "finished" },
  { ...nodeSync, name: "finished, not verified", program: { connection: "worker1", triggers: ["2026-11"] } },
  { ...nodeSync, ...unfinished, name: "unfinished: the node reloads", arrange: holdReloads },

  { ...reset, name: "finished" },
  {
    ...reset,
    name: "finished, with parameters",
    program: { connection: "worker2", triggers: ["2026-11"], timeout: "1m" },
  },
];
