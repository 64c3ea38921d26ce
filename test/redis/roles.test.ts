import assert from "node:assert/strict";
import { bodyFor, covers } from "../../provider/redis/replica-node/request.ts";
import { isFollower, isLeader, isReplica } from "../../provider/redis/roles.ts";

/** The REST API says master and slave; the console, and newer pages, primary, secondary and replica. */
const words: [role: string | undefined, is: "leader" | "follower" | "neither"][] = [
  ["master", "leader"],
  ["primary", "leader"],
  ["Master", "leader"],
  [" MASTER ", "leader"],
  ["slave", "follower"],
  ["replica", "follower"],
  ["secondary", "follower"],
  ["Slave", "follower"],
  ["witness", "neither"],
  ["master_candidate", "neither"],
  ["", "neither"],
  [undefined, "neither"],
];

describe("a node's role", () => {
  for (const [role, is] of words) {
    it(`${JSON.stringify(role)} is that of ${is === "neither" ? "neither" : `a ${is}`}`, () => {
      const status = { nodeUid: 1, role };
      assert.deepEqual([isLeader(status), isFollower(status)], [is === "leader", is === "follower"]);
    });
  }

  const replicas: [role: string, masterShards: number | undefined, isOne: boolean][] = [
    ["slave", 0, true],
    ["slave", undefined, true],
    ["slave", 1, false],
    ["master", 0, false],
    ["master", undefined, false],
  ];
  for (const [role, masterShards, isOne] of replicas) {
    it(`${role} with ${masterShards} master shards makes ${isOne ? "a" : "no"} replica`, () => {
      assert.equal(isReplica({ nodeUid: 1, role, masterShards }), isOne);
    });
  }

  it("decides what is asked for", () => {
    const inputs = { nodeUid: 1 };
    assert.deepEqual(bodyFor({ nodeUid: 1, role: "primary" }, inputs), { demote_node: true });
    assert.deepEqual(bodyFor({ nodeUid: 1, role: "slave", masterShards: 1 }, inputs), {});
    assert.throws(() => bodyFor({ nodeUid: 1, role: "master" }, { ...inputs, demoteNode: false }), {
      property: "demoteNode",
    });
    assert.throws(() => bodyFor({ nodeUid: 1 }, inputs), { property: "nodeUid" });
  });

  it("decides what was asked for already: demote_node changes the shards, too", () => {
    const all = { demote_node: true } as const;
    assert.deepEqual(
      [covers({}, {}), covers({}, all), covers(all, {}), covers(all, all), covers(undefined, all)],
      [true, false, true, true, false],
    );
  });
});
