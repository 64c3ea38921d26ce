import assert from "node:assert/strict";
import { flow } from "../support/flow.ts";
import { recorded, succeeded, unchanged } from "../support/pulumi.ts";
import { redisHarness, redisProgram } from "../support/redis-harness.ts";

const program = (inputs = "") =>
  redisProgram(
    `const node = new redis.NodeMaintenance("node-2", { nodeUid: 2, ${inputs} });`,
    `export const shardCount = node.shardCount;`,
  );

flow(
  "a node kept in maintenance",
  () => redisHarness(program()),
  (step) => {
    step("is announced by a preview in the vendor's words", 0, async ({ project }) => {
      const { output, resources } = succeeded(await project.preview());
      assert.deepEqual(resources, { "to create": 2 });
      assert.match(output, /node 2: maintenance_on, 4 shards to migrate, 2 other nodes free/);
    });

    step("is taken there by the first up, which shows how far it is", 1, async ({ project, system }) => {
      const { output, resources } = succeeded(await project.up());
      assert.deepEqual(resources, { created: 2 });
      assert.match(output, /node-2 creating.* node 2 maintenance_on \w+ \d+ %/);
      assert.match(output, /node-2 created \([\d.]+s\) *$/m, "what it showed is gone at the end");
      assert.doesNotMatch(output, /Diagnostics/);
      assert.equal(system.node(2).inMaintenance, true);
      assert.deepEqual(await project.outputs(), { shardCount: 0 });
    });

    step("is left alone by a second up, which does not even ask", 0, async ({ project, system }) => {
      unchanged(await project.up());
      assert.equal(system.counts().reads, 0);
    });

    step(
      "takes other parameters and another name of its cluster in place",
      0,
      async ({ project, system }) => {
        await project.setConfig({
          "clusterops:connections.redis-eu.endpoints[0]": system.endpoints[0] as string,
        });
        await project.write("index.ts", program(`evictHaReplica: false, connection: "redis-eu"`));
        const { output, resources } = succeeded(await project.up());
        assert.deepEqual(resources, { updated: 1, unchanged: 1 });
        assert.match(
          output,
          /warning: node 2 is in maintenance: the changed parameters take effect the next time/,
        );
        const inputs = (await recorded(project, "node-2"))?.inputs;
        assert.deepEqual([inputs?.evictHaReplica, inputs?.connection], [false, "redis-eu"]);
      },
    );

    step("is shown as gone by a refresh once somebody has taken it out", 0, async ({ project, system }) => {
      system.node(2).takeOutOfMaintenance();
      const { resources } = succeeded(await project.refresh());
      assert.deepEqual(resources, { deleted: 1, unchanged: 1 });
    });

    step("is taken there again by the next up", 1, async ({ project, system }) => {
      assert.deepEqual(succeeded(await project.up()).resources, { created: 1, unchanged: 1 });
      assert.equal(system.node(2).maintenanceDepth, 1);
    });

    step("is out of it, its shards back, after a destroy", 1, async ({ project, system }) => {
      const { output } = succeeded(await project.destroy());
      assert.match(output, /node-2 deleting.* node 2 maintenance_off \w+ \d+ %/);
      assert.deepEqual([system.node(2).inMaintenance, system.node(2).shardCount], [false, 4]);
    });

    step("is adopted by an up when somebody has put it there", 0, async ({ project, system }) => {
      system.node(2).putInMaintenance();
      const { output } = succeeded(await project.up({ preview: true }));
      assert.match(output, /warning: node 2 is already in maintenance: it is adopted, nothing will be sent/);
    });

    step("is nothing to a destroy once somebody has taken it out", 0, async ({ project, system }) => {
      system.node(2).takeOutOfMaintenance();
      assert.deepEqual(succeeded(await project.destroy()).resources, { deleted: 2 });
    });
  },
);
