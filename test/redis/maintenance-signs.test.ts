import assert from "node:assert/strict";
import type { ActionStatus } from "../../provider/redis/client.ts";
import { readSigns, type Signs } from "../../provider/redis/node-maintenance/signs.ts";

const on = (status: string): ActionStatus => ({ nodeUid: 2, name: "maintenance_on", status, taskId: "t1" });
const off: ActionStatus = { nodeUid: 2, name: "maintenance_off", status: "completed", taskId: "t0" };

/** A node that takes no shards, has none, and keeps its listeners. */
const closed: Partial<Signs> = { acceptServers: false, maxListeners: 100, shardCount: 0, hasSnapshot: false };
const snapshot = { ...closed, hasSnapshot: true };

type Verdict = "in" | "out" | "half done" | "in, half done" | "in doubt";

const table: [signs: string, signs: Partial<Signs>, verdict: Verdict][] = [
  // The health's word.
  ["the health says in", { health: true }, "in"],
  ["the health says in of a node that takes shards", { health: true, acceptServers: true }, "in doubt"],
  ["the same after maintenance_on", { health: true, acceptServers: true, lastOn: on("completed") }, "in"],
  [
    "the same after maintenance_on and _off",
    { health: true, acceptServers: true, lastOn: on("completed"), lastOff: off },
    "in doubt",
  ],
  [
    "the same, where maintenance_on is known to have come last",
    { health: true, acceptServers: true, lastOn: on("completed"), lastOff: off, latest: "on" },
    "in",
  ],
  ["the same, while maintenance_on runs", { health: true, acceptServers: true, lastOn: on("running") }, "in"],
  ["the health says out", { health: false, acceptServers: true }, "out"],
  ["the health says out of a quorum node", { ...closed, health: false }, "out"],
  ["the health says out of a node with a leaked snapshot", { ...snapshot, health: false }, "out"],
  [
    "the health says in, shards are left after a failure",
    { ...snapshot, health: true, shardCount: 2, lastOn: on("failed") },
    "in, half done",
  ],
  [
    "the health says out of a node that a failure closed",
    { ...closed, health: false, lastOn: on("failed") },
    "half done",
  ],
  [
    "the health says out of a closed node after maintenance_on",
    { ...snapshot, health: false, lastOn: on("completed") },
    "in doubt",
  ],
  [
    "the same after a maintenance_off",
    { ...closed, health: false, lastOn: on("completed"), lastOff: off },
    "out",
  ],
  [
    "the same, where maintenance_on is known to have come last",
    { ...closed, health: false, lastOn: on("completed"), lastOff: off, latest: "on" },
    "in doubt",
  ],
  [
    "the health says out of a node that a failure closed, and a maintenance_off since",
    { ...closed, health: false, lastOn: on("failed"), lastOff: off, latest: "off" },
    "out",
  ],
  [
    "the health says in, shards not told after a failure",
    { ...snapshot, health: true, shardCount: undefined, lastOn: on("failed") },
    "in, half done",
  ],
  // A node that takes shards is out, whatever its history.
  ["it takes shards", { acceptServers: true }, "out"],
  ["it takes shards after maintenance_on", { acceptServers: true, lastOn: on("completed") }, "out"],
  ["it takes shards, with a leaked snapshot", { ...snapshot, acceptServers: true }, "out"],
  // Whether it takes any is not told.
  ["it does not say whether it takes shards", { hasSnapshot: false }, "out"],
  ["the same with a snapshot", { hasSnapshot: true }, "in doubt"],
  ["the same with no listeners", { hasSnapshot: false, maxListeners: 0 }, "in doubt"],
  ["the same after maintenance_on", { hasSnapshot: false, lastOn: on("completed") }, "in doubt"],
  [
    "the same after maintenance_on and _off",
    { hasSnapshot: false, lastOn: on("completed"), lastOff: off },
    "out",
  ],
  ["nothing at all is told", {}, "in doubt"],
  // Closed.
  ["closed, empty, snapshot, maintenance_on completed", { ...snapshot, lastOn: on("completed") }, "in"],
  ["the same with no listeners", { ...snapshot, maxListeners: 0, lastOn: on("completed") }, "in"],
  [
    "the same without a word of listeners",
    { ...snapshot, maxListeners: undefined, lastOn: on("completed") },
    "in",
  ],
  ["the same with shards that were to stay", { ...snapshot, shardCount: 3, lastOn: on("completed") }, "in"],
  ["the same after a maintenance_off", { ...snapshot, lastOn: on("completed"), lastOff: off }, "in doubt"],
  [
    "the same, where maintenance_on is known to have come last",
    { ...snapshot, lastOn: on("completed"), lastOff: off, latest: "on" },
    "in",
  ],
  ["closed, empty, snapshot, no history", snapshot, "in"],
  ["closed, empty, snapshot, maintenance_on aborted", { ...snapshot, lastOn: on("aborted") }, "in"],
  [
    "closed, shards left, snapshot, maintenance_on failed",
    { ...snapshot, shardCount: 2, lastOn: on("failed") },
    "in, half done",
  ],
  ["closed, shards left, snapshot, no history", { ...snapshot, shardCount: 2 }, "in doubt"],
  ["closed, shards not told, snapshot, no history", { ...snapshot, shardCount: undefined }, "in doubt"],
  [
    "closed, shards left, snapshot, no history, no listeners",
    { ...snapshot, shardCount: 2, maxListeners: 0 },
    "in",
  ],
  ["closed, no listeners, nothing else", { ...closed, maxListeners: 0 }, "in doubt"],
  [
    "closed, no listeners, no snapshot, maintenance_on completed",
    { ...closed, maxListeners: 0, lastOn: on("completed") },
    "in",
  ],
  ["closed, no listeners, status unreadable", { ...closed, maxListeners: 0, hasSnapshot: undefined }, "in"],
  [
    "closed, no snapshot, maintenance_on and _off: a quorum node that was in maintenance once",
    { ...closed, lastOn: on("completed"), lastOff: off },
    "out",
  ],
  ["closed, no snapshot, no history: a quorum node", closed, "out"],
  ["closed, no snapshot, shards left: a removal that failed", { ...closed, shardCount: 2 }, "out"],
  ["closed, no snapshot, maintenance_on failed", { ...closed, lastOn: on("failed") }, "half done"],
  ["closed, no snapshot, maintenance_on completed", { ...closed, lastOn: on("completed") }, "in doubt"],
  [
    "closed, status unreadable, maintenance_on completed",
    { ...closed, hasSnapshot: undefined, lastOn: on("completed") },
    "in doubt",
  ],
  ["closed, status unreadable, no history", { ...closed, hasSnapshot: undefined }, "in doubt"],
  ["closed, no snapshot, no word of listeners", { ...closed, maxListeners: undefined }, "in doubt"],
];

describe("the signs of maintenance", () => {
  for (const [what, signs, verdict] of table) {
    it(`say ${verdict}: ${what}`, () => {
      const { inMaintenance, isHalfDone, doubt } = readSigns({ nodeUid: 2, ...signs });
      const said = doubt
        ? ["in doubt"]
        : [...(inMaintenance ? ["in"] : []), ...(isHalfDone ? ["half done"] : [])];
      assert.equal(said.join(", ") || "out", verdict, doubt);
    });
  }

  const because: [signs: Partial<Signs>, words: RegExp][] = [
    [
      { ...closed, lastOn: on("completed") },
      /^whether node 2 is in maintenance cannot be told: it takes no shards and maintenance_on completed \(task t1\), but there is no maintenance snapshot; before 8\.0\.16 there is no \/v4\/cluster\/health/,
    ],
    [
      { ...closed, lastOn: on("completed"), healthTrouble: "503" },
      /; \/v4\/cluster\/health, which would say it, does not: 503$/,
    ],
    [
      { ...closed, health: false, lastOn: on("completed") },
      /^maintenance_on completed \(task t1\) and node 2 takes no shards, yet \/v4\/cluster\/health says that it is not/,
    ],
  ];
  for (const [signs, words] of because) {
    it(`say why they cannot tell: ${words.source.slice(0, 60)}`, () => {
      assert.match(readSigns({ nodeUid: 2, ...signs }).doubt ?? "", words);
    });
  }
});
