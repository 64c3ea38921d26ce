import assert from "node:assert/strict";
import type { Connection } from "../../provider/index.ts";
import { type RedisOptions, type RedisSimulator, startRedis } from "../../simulators/index.ts";
import { directDoor } from "../rules/door.ts";
import { Stack } from "../rules/stack.ts";
import { incomplete } from "./cluster.ts";

/*
 * A changed connection is only another way in, or it leads to another cluster: then it is another object. What was done on the first
 * cluster is undone there, and no handle is waited for on the wrong one.
 */

interface Two {
  a: RedisSimulator;
  b: RedisSimulator;
  /** A session whose configuration has these connections. */
  open(
    type: string,
    connections?: Record<string, Connection>,
  ): Promise<{ stack: Stack; said: { warnings: string[]; progress: string[] } }>;
}

/** A case on two clusters that know nothing of each other. */
function onTwo(title: string, play: (two: Two) => Promise<void>, options: RedisOptions = {}): void {
  it(title, async () => {
    await using a = await startRedis({ actionMs: 100, ...options });
    await using b = await startRedis({ actionMs: 100, seed: 2, ...options });
    const both = { a: { endpoints: a.endpoints }, b: { endpoints: b.endpoints } };
    await play({
      a,
      b,
      async open(type, connections = both) {
        const session = await directDoor.open(type, connections);
        return { stack: new Stack(session), said: session.said, session };
      },
    });
  });
}

const sent = (redis: RedisSimulator) =>
  redis.requests
    .filter(({ mutating }) => mutating)
    .map(({ method, path }) => `${method} ${path.replace("/v1/nodes/", "")}`);

const on = { nodeUid: 2, connection: "a" };
const there = { nodeUid: 2, connection: "b" };

describe("redis, a connection that leads to another cluster", function () {
  this.timeout(60_000);

  onTwo(
    "does not take out on the first cluster what a step has taken in there, and says so",
    async ({ a, b, open }) => {
      const { stack, said } = await open("redis:MaintenanceStep");
      await stack.up({ ...on, phase: "enter" });
      await stack.up({ ...there, phase: "enter" });
      assert.match(
        said.warnings.join(),
        /it runs there; on the former one its maintenance is not undone, if it is not over: end it there by hand/,
      );
      assert.deepEqual([a.node(2).inMaintenance, b.node(2).inMaintenance], [true, true]);
    },
  );

  onTwo(
    "takes the node out on the first cluster, and into maintenance on the second",
    async ({ a, b, open }) => {
      const { stack } = await open("redis:NodeMaintenance");
      await stack.up(on);
      assert.equal(await stack.up(there), "replace");
      assert.deepEqual([a.node(2).inMaintenance, b.node(2).inMaintenance], [false, true]);
    },
  );

  onTwo("makes the node of the second cluster a replica", async ({ b, open }) => {
    b.node(2).promoteShards();
    const { stack } = await open("redis:ReplicaNode");
    await stack.up(on);
    assert.equal(await stack.up(there), "replace");
    assert.deepEqual(sent(b), ["POST 2/actions/enslave_node"]);
  });

  onTwo("runs an action on the second cluster, too", async ({ a, b, open }) => {
    const { stack } = await open("redis:NodeAction");
    await stack.up({ ...on, action: "enslave_node" });
    await stack.up({ ...there, action: "enslave_node" });
    assert.deepEqual([sent(a), sent(b)], [["POST 2/actions/enslave_node"], ["POST 2/actions/enslave_node"]]);
    assert.equal(stack.state?.outputs.taskId, b.node(2).action("enslave_node").taskId);
  });

  onTwo("removes the node of the second cluster", async ({ b, open }) => {
    const { stack } = await open("redis:NodeRemoval");
    await stack.up(on);
    await stack.up(there);
    assert.equal(b.node(2).exists, false);
  });

  onTwo("waits for no action of the first cluster on the second", async ({ a, b, open }) => {
    const { stack } = await open("redis:NodeAction");
    a.plan({ held: true, actionMs: 10 });
    await incomplete(stack.up({ ...on, action: "enslave_node", timeout: "3s" }), /not done within/);
    b.node(2).start("enslave_node").finish();
    const older = b.node(2).action("enslave_node").taskId;
    const up = stack.up({ ...there, action: "enslave_node" });
    a.node(2).action("enslave_node").finish();
    await up;
    assert.deepEqual([sent(a).length, sent(b)], [1, ["POST 2/actions/enslave_node"]]);
    assert.notEqual(stack.state?.outputs.taskId, older);
  });

  onTwo("cancels an action where it runs", async ({ a, b, open }) => {
    const first = await open("redis:NodeAction");
    a.plan({ held: true, actionMs: 10 });
    await incomplete(first.stack.up({ ...on, action: "enslave_node", timeout: "3s" }), /not done within/);
    b.plan({ held: true, actionMs: 10 });
    b.node(2).start("enslave_node");
    await first.stack.destroy();
    assert.deepEqual([a.node(2).action("enslave_node").status, sent(b)], ["cancelled", []]);
  });

  onTwo("does not take a node out on a cluster that the record does not stand on", async ({ a, b, open }) => {
    const first = await open("redis:NodeMaintenance");
    await first.stack.up(on);
    b.node(2).putInMaintenance();
    const moved = await open("redis:NodeMaintenance", { a: { endpoints: b.endpoints } });
    moved.stack.state = first.stack.state;
    await assert.rejects(moved.stack.destroy(), (error: Error) => {
      assert.match(error.message, /node 2/);
      assert.match(error.message, new RegExp(new URL(a.endpoints[0] ?? "").port));
      assert.match(error.message, /drop it from the state/);
      return true;
    });
    assert.deepEqual([sent(b), b.node(2).inMaintenance, a.node(2).inMaintenance], [[], true, true]);
  });

  onTwo("takes a node out through any connection that leads to where it stands", async ({ a, b, open }) => {
    const first = await open("redis:NodeMaintenance");
    await first.stack.up(on);
    const moved = await open("redis:NodeMaintenance", {
      a: { endpoints: b.endpoints },
      old: { endpoints: a.endpoints },
    });
    moved.stack.state = first.stack.state;
    await moved.stack.destroy();
    assert.deepEqual([a.node(2).inMaintenance, sent(b)], [false, []]);
  });

  onTwo("changes nothing where the connection is another way to the same cluster", async ({ a, open }) => {
    const { stack } = await open("redis:NodeMaintenance");
    await stack.up(on);
    const before = sent(a).length;
    const local = a.endpoints.map((endpoint) => endpoint.replace("127.0.0.1", "localhost"));
    assert.notEqual(await stack.up({ nodeUid: 2, connection: { endpoints: local } }), "replace");
    assert.notEqual(
      await stack.up({ nodeUid: 2, connection: { endpoints: [...local, ...a.endpoints] } }),
      "replace",
    );
    assert.equal(sent(a).length, before);
  });

  onTwo("resumes an action through another way to the same cluster", async (two) => {
    const { a, open } = two;
    const user = await open("redis:NodeAction");
    a.plan({ held: true, actionMs: 10 });
    await incomplete(user.stack.up({ ...on, action: "enslave_node", timeout: "3s" }), /not done within/);
    const local = a.endpoints.map((endpoint) => endpoint.replace("127.0.0.1", "localhost"));
    const up = user.stack.up({ nodeUid: 2, action: "enslave_node", connection: { endpoints: local } });
    a.node(2).action("enslave_node").finish();
    await up;
    assert.equal(sent(a).length, 1);
  });
});
