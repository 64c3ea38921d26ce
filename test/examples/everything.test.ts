import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { configurationValues, connectionsTo } from "../../simulators/configuration.ts";
import { startAll } from "../../simulators/index.ts";
import { Combined } from "../support/combined.ts";
import { flow } from "../support/flow.ts";
import { example, pulumiProject, succeeded, unchanged } from "../support/pulumi.ts";

async function open() {
  const all = await startAll({ redis: { nodes: 5 }, tcf: { switchMs: 200 } });
  const config = {
    ...configurationValues(connectionsTo(all)),
    pauseUntil: new Date(Date.now() + 86_400_000).toISOString(),
    claim: "true",
  };
  const project = await pulumiProject({ from: example("everything"), config });
  return { system: new Combined(all.redis, all.tcf, all.factfinder, all.aspire), project };
}

// What a preview says of each class, in the vendor's words.
const foretold: [name: string, words: RegExp][] = [
  ["ReplicaNode replica-1", /node 1: enslave_node with demote_node \(role master, 2 master shards\)/],
  ["MaintenanceStep roll-node-1-in", /node 1: maintenance_on, 4 shards to migrate/],
  ["MaintenanceStep roll-node-3-out", /node 3: maintenance_off/],
  [
    "NodeRemoval remove-5",
    /node 5: remove, 4 shards to migrate, 4 nodes will be left; this cannot be undone/,
  ],
  ["NodeMaintenance window-2", /node 2: maintenance_on, 4 shards to migrate, 4 other nodes free/],
  ["NodeAction action-4", /node 4: enslave_node/],
  ["ClusterRole cluster-1", /demote cluster1/],
  ["ActiveCluster orders", /demote cluster1, then promote cluster2/],
  ["ConfigVersionReset reset", /factfinder: reset config version counters/],
  ["DatabasePrune prune-de", /prune channel de: databaseVersion 41 -> 42, every worker will reload once/],
  ["DatabaseSync workers-de", /channel de: sync worker1, worker2 with what factfinder will have by then/],
  ["DatabasePrune refresh-en-prune", /prune channel en: databaseVersion 41 -> 42/],
  ["DatabaseSync refresh-en-nodes-2", /channel en: sync worker2 with what factfinder will have by then/],
  ["NodeSync worker-1", /sync\/full of worker1: /],
  ["SeedRelease release", /release 2 seeds: AAABcID5GBc=, AAABcIueWUc=/],
  ["WorkerRelease failed-worker", /release worker: AAABcQk\+W\/c=/],
  ["SeedThrottle throttle", /throttle seed b4adeb8c-3deb-4379-ad52-e2a8d219a84a until \d/],
  ["CrawlFailure crawl", /mark the crawl of seed AAABcIueWUc= as failed/],
  ["BatchAcknowledgement acknowledge", /acknowledge batch: AAABcS0aBB0=/],
  ["Stack everything-dev", /a preview does not call it for worker AAABcQk\+W\/g=/],
];

flow("the example everything", open, (step) => {
  step("tells in a preview what each resource will do, and takes no batch", 0, async ({ project }) => {
    const { output, resources } = succeeded(await project.preview());
    assert.deepEqual(resources, { "to create": 28 });
    const said = saidOf(output);
    for (const [name, words] of foretold) assert.match(said.get(name) ?? "", words, name);
    // What docs/preview.md shows; the batch is claimed here only, and a time is never the same.
    const shown = saidOf(readFileSync(join(example("everything"), "preview.txt"), "utf8"));
    said.delete("Stack everything-dev");
    assert.deepEqual(linesOf(said), linesOf(shown));
  });

  step("does each of them once, and reads what there is", 24, async ({ project }) => {
    await project.setConfig({ claim: "false" });
    assert.deepEqual(succeeded(await project.up()).resources, { created: 28 });
    const { reads, done } = (await project.outputs()) as Record<string, Record<string, unknown>>;
    assert.deepEqual(Object.keys(reads ?? {}), ["factfinder", "redis", "tcf"]);
    assert.deepEqual(
      [done?.node5Removed, done?.activeCluster, done?.databaseVersion],
      [true, "cluster2", 42],
    );
  });

  step("is done: a second up sends nothing", 0, async ({ project }) => {
    unchanged(await project.up());
  });
});

/** All of it, in an order of its own: the engine's differs from run to run. */
function linesOf(said: Map<string, string>): string[] {
  const lines = [...said].flatMap(([name, words]) =>
    words.split("\n").map((line) => `${name}: ${line.trim()}`),
  );
  return lines
    .filter((line) => !line.endsWith(": "))
    .map((line) => line.replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/, "<time>"))
    .sort();
}

/** The Diagnostics, by class and name. */
function saidOf(output: string): Map<string, string> {
  const diagnostics = output.slice(output.indexOf("\nDiagnostics:"), output.indexOf("\nOutputs:"));
  const blocks = diagnostics.matchAll(/^ {2}\S*:(\w+) \((\S+)\):\n((?: {4}.*\n)*)/gm);
  return new Map([...blocks].map(([, type, name, words = ""]) => [`${type} ${name}`, words]));
}
