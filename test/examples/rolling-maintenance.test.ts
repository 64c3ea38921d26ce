import assert from "node:assert/strict";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import type { PulumiProject } from "../../scripts/pulumi-project.ts";
import { configurationValues, connectionsTo } from "../../simulators/configuration.ts";
import { type RedisSimulator, startRedis } from "../../simulators/index.ts";
import { flow } from "../support/flow.ts";
import { example, failed, pulumiProject, succeeded, unchanged } from "../support/pulumi.ts";

async function open() {
  const system = await startRedis({ actionMs: 300 });
  const config = configurationValues(connectionsTo({ redis: system }));
  const project = await pulumiProject({ from: example("rolling-maintenance"), config });
  const { broken, done } = filesOf(project);
  // The work: notes which node it was done on; fails on a node that is marked as broken.
  await project.setConfig({ command: `test ! -e "${broken}$NODE_UID" && echo "$NODE_UID" >> "${done}"` });
  return { system, project };
}

const filesOf = ({ root }: PulumiProject) => ({ broken: join(root, "broken-"), done: join(root, "done") });

function worked(project: PulumiProject): string[] {
  const { done } = filesOf(project);
  return existsSync(done) ? readFileSync(done, "utf8").trim().split("\n") : [];
}

/** E.g. `2/maintenance_on`. */
function sent({ requests }: RedisSimulator, from = 0): string[] {
  const mutating = requests.filter((request) => request.mutating).slice(from);
  return mutating.map(({ path }) => path.replace("/v1/nodes/", "").replace("actions/", ""));
}

flow("the example rolling-maintenance", open, (step) => {
  step("tells in a preview what each node's turn will be, under readable names", 0, async ({ project }) => {
    const { output } = succeeded(await project.preview());
    for (const name of ["roll-node-1-in", "patch-node-1", "roll-node-1-out", "roll-node-3-out"])
      assert.match(output, new RegExp(`^ \\+ +\\S+ ${name} create`, "m"));
    assert.match(output, /node 2: maintenance_on, 4 shards to migrate/);
    assert.match(output, /node 3: maintenance_off/);
  });

  step(
    "stops when the work on the second node fails, the third untouched",
    3,
    async ({ project, system }) => {
      writeFileSync(`${filesOf(project).broken}2`, "");
      failed(await project.up(), /patch-node-2/);
      assert.deepEqual(sent(system), ["1/maintenance_on", "1/maintenance_off", "2/maintenance_on"]);
      assert.deepEqual(worked(project), ["1"]);
      assert.deepEqual([system.node(1).shardCount >= 4, system.node(2).inMaintenance], [true, true]);
    },
  );

  step("goes on in the next up where it stopped", 3, async ({ project, system }) => {
    await rm(`${filesOf(project).broken}2`);
    succeeded(await project.up());
    assert.deepEqual(sent(system, 3), ["2/maintenance_off", "3/maintenance_on", "3/maintenance_off"]);
    assert.deepEqual(worked(project), ["1", "2", "3"]);
    assert.deepEqual(
      system.nodeUids.filter((uid) => system.node(uid).inMaintenance),
      [],
    );
  });

  step("is done: a second up sends nothing", 0, async ({ project }) => {
    unchanged(await project.up());
  });

  step("rolls once more for another release, and stops when a node cannot leave", 3, async (harness) => {
    const { project, system } = harness;
    await project.setConfig({ release: "2030-01" });
    system.plan({ action: "maintenance_on", nodeUid: 2, outcome: "failed", errorCode: "internal_error" });
    failed(await project.up(), /redis node 2: .*maintenance_on.*internal_error/);
    assert.deepEqual(sent(system, 6), ["1/maintenance_on", "1/maintenance_off", "2/maintenance_on"]);
    assert.deepEqual(worked(project), ["1", "2", "3", "1"]);
  });
});
