import assert from "node:assert/strict";
import { type Connection, Session as Process } from "../../provider/index.ts";
import { startTcf } from "../../simulators/index.ts";
import { directDoor, type Properties } from "../rules/door.ts";
import { Stack } from "../rules/stack.ts";
import { activeWest, passiveEast, wanted } from "./harness.ts";

/*
 * Two resources of one program that want opposite things undid each other's work: each `up` failed over, and back.
 */

/** A program's process, and resources of it by name. */
async function programOn() {
  const tcf = await startTcf();
  const [east, west] = tcf.clusters.map(({ endpoints }) => ({ endpoints }));
  const connections = { east, west } as Record<string, Connection>;
  const process = new Process();
  return {
    tcf,
    resource: async (name: string, type: "tcf:ActiveCluster" | "tcf:ClusterRole" = "tcf:ActiveCluster") =>
      new Stack(
        await directDoor.open(type, connections, {
          process,
          resource: `urn:pulumi:dev::shop::${type}::${name}`,
        }),
      ),
    sent: () => tcf.counts().mutating,
    [Symbol.asyncDispose]: () => tcf.close(),
  };
}

const back = (more: Properties = {}) => wanted({ active: "cluster1", ...more });

describe("two resources of one program that want opposite things of a federation", () => {
  it("are refused, and nothing is sent for the second one", async () => {
    await using program = await programOn();
    const [orders, again] = [await program.resource("orders"), await program.resource("again")];
    await orders.preview(wanted());
    await assert.rejects(
      again.preview(back()),
      /clusters\.cluster1: is to be active here, and passive by orders, in the same program: one would undo the other at each update; clusters\.cluster2: is to be passive here, and active by orders/,
    );
    assert.equal(program.sent(), 0);
  });

  it("are refused where one of them is as it was recorded", async () => {
    await using program = await programOn();
    const [orders, again] = [await program.resource("orders"), await program.resource("again")];
    await orders.up(back());
    await again.preview(wanted()).catch(() => undefined);
    await assert.rejects(orders.preview(back()), /active here, and passive by again/);
    assert.equal(program.sent(), 0);
  });

  it("may be of two classes", async () => {
    await using program = await programOn();
    const [orders, east] = [
      await program.resource("orders"),
      await program.resource("east", "tcf:ClusterRole"),
    ];
    await orders.preview(back());
    await assert.rejects(
      east.preview(passiveEast()),
      /connection: is to be passive here, and active by orders, in the same program/,
    );
    assert.equal(program.sent(), 0);
  });
});

describe("resources of one program", () => {
  it("may want the same of a federation", async () => {
    await using program = await programOn();
    const west = await program.resource("west", "tcf:ClusterRole");
    const [orders, again] = [await program.resource("orders"), await program.resource("again")];
    await orders.up(wanted());
    await again.preview(wanted({ strategy: "toggle" }));
    await west.preview(activeWest());
  });

  it("may hand the active role from one cluster to the other", async () => {
    await using program = await programOn();
    const [east, west] = [
      await program.resource("east", "tcf:ClusterRole"),
      await program.resource("west", "tcf:ClusterRole"),
    ];
    await east.up(passiveEast());
    await west.up(activeWest());
    assert.deepEqual(
      program.tcf.clusters.map(({ status }) => status),
      ["passive", "active"],
    );
  });

  it("may change their minds", async () => {
    await using program = await programOn();
    const orders = await program.resource("orders");
    await orders.up(wanted());
    await orders.up(back());
    assert.equal(program.tcf.clusters[0]?.status, "active");
  });
});
