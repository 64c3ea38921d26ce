import assert from "node:assert/strict";
import { beforeKey } from "../../provider/core/lifecycle/intent.ts";
import { behaviour, type Case } from "./cluster.ts";

const action = { action: "enslave_node" };
const uids = Array.from({ length: 20 }, (_, index) => index + 1);

/** What companions and runs read, they read together: of twenty each one would else cost some ten reads. */
const together: Case[] = [
  {
    it: "share what they read of the cluster, their companions too",
    mutating: 20,
    cluster: { nodes: 20, taskIdInLists: true },
    async run({ redis, another }) {
      const companion = await another("redis:NodeActionIntent");
      const run = await another();
      await Promise.all(
        uids.map(async (nodeUid) => {
          const { outputs } = await companion.session.create({ ...action, nodeUid });
          await run.session.create({ ...action, nodeUid, [beforeKey]: outputs.before });
        }),
      );
      const reads = redis.requests.filter(({ method }) => method === "GET").map(({ path }) => path);
      assert.ok(reads.length <= 2 * uids.length, reads.join(" "));
      const ofOne = reads.filter((path) => /\/v1\/nodes\/\d/.test(path));
      assert.deepEqual(ofOne, []);
    },
  },
];

describe("many redis.NodeActions at once", () => behaviour("redis:NodeAction", together));
