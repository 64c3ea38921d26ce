import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";

/** Puts the runtime into its test mode: it registers resources with us, and asks us what functions ask. */
async function mocked(shardCount: number): Promise<pulumi.runtime.MockResourceArgs[]> {
  const registered: pulumi.runtime.MockResourceArgs[] = [];
  await pulumi.runtime.setMocks({
    newResource(resource) {
      registered.push(resource);
      // What the resource has brought about, as far as the program asks.
      return { id: `${resource.name}-id`, state: { ...resource.inputs, inMaintenance: true } };
    },
    call({ token, inputs }) {
      assert.equal(token, "clusterops:redis:getNode");
      return { nodeUid: inputs.nodeUid, shardCount };
    },
  });
  pulumi.runtime.setConfig("project:nodeUid", "2");
  return registered;
}

/** The value of an Output, once it is there. */
function promiseOf<T>(output: pulumi.Output<T>): Promise<T> {
  return new Promise((resolve) => output.apply((value) => resolve(value as T)));
}

describe("the maintenance of a node", () => {
  let registered: pulumi.runtime.MockResourceArgs[];
  let program: typeof import("./index.ts");

  before(async () => {
    registered = await mocked(80);
    // Only now: a program registers its resources while it is loaded.
    program = await import("./index.ts");
  });

  it("gets more time where many shards have to move", async () => {
    assert.equal(await promiseOf(program.maintenance.timeout), "2h");
  });

  it("is of the node that the stack names", async () => {
    assert.equal(await promiseOf(program.maintenance.nodeUid), 2);
    assert.equal(await promiseOf(program.maintenance.inMaintenance), true);
  });

  it("comes after the node has been demoted", async () => {
    await promiseOf(program.maintenance.urn);
    const types = registered.map(({ type, name }) => `${type.split("/").at(-1)} ${name}`);
    assert.deepEqual(types, [
      // What NodeAction registers ahead of itself.
      "redis:NodeActionIntent demotion-intent",
      "redis:NodeAction demotion",
      "redis:NodeMaintenance maintenance",
    ]);
  });
});
