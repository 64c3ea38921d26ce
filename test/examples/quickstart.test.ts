import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { execa } from "execa";
import { listDescendants, listRunning } from "../../cli/rehearse/process-tree.ts";
import { blocksOf } from "../docs/blocks.ts";
import { missingLines } from "../docs/samples.ts";
import { leanSdk } from "../support/lean-sdk.ts";

const root = join(import.meta.dirname, "..", "..");

function start(env: NodeJS.ProcessEnv = {}) {
  const script = join(root, "scripts", "quickstart.ts");
  return execa(process.execPath, [script], { cwd: root, env, stdin: "ignore", all: true, reject: false });
}

/** The projects of quickstarts that lie around. */
function projects(): string[] {
  return globSync(".cache/pulumi/project-*/project/Pulumi.yaml", { cwd: root }).filter((file) =>
    /^name: quickstart$/m.test(readFileSync(join(root, file), "utf8")),
  );
}

/** What the table says of a step: mutating requests and reads. */
function counted(output: string, step: string): number[] {
  const [, mutating, reads] = new RegExp(`^${step}.* +[\\d.]+ +(\\d+) +(\\d+)$`, "m").exec(output) ?? [];
  return [Number(mutating), Number(reads)];
}

describe("npm start", function () {
  this.timeout(300_000);

  it("previews, does it, does nothing, fails over, destroys, and shows what that cost", async () => {
    const before = projects();
    const { exitCode, all: output = "" } = await start();
    assert.equal(exitCode, 0, output);
    const [previewed] = counted(output, "preview:");
    const [done] = counted(output, "up: do it");
    const [switched] = counted(output, "up: a failover");
    const [undone] = counted(output, "destroy:");
    // maintenance_on, prune, release, and a reload of each worker; demote and promote; maintenance_off.
    assert.deepEqual([previewed, done, switched, undone], [0, 5, 2, 1], output);
    assert.deepEqual(counted(output, "up: again"), [0, 0], output);
    assert.match(output, /activeCluster *: "cluster1" => "cluster2"/);
    assert.deepEqual(projects(), before);
    const samples = blocksOf("README.md").filter(({ use }) => use === "start");
    assert.deepEqual(
      samples.map(({ text }) => missingLines(text, output)),
      [[]],
      output,
    );
  });

  for (const [signal, code, what, words] of [
    ["SIGINT", 130, "up", /node-2 creating.* node 2 maintenance_on/],
    ["SIGTERM", 143, "preview", /\$ pulumi preview/],
  ] as const) {
    it(`leaves nothing running and nothing lying around after a ${signal} in the middle of its ${what}`, async () => {
      const before = projects();
      const quickstart = start(leanSdk);
      let [output, isOver] = ["", false];
      quickstart.all.on("data", (chunk) => {
        output += chunk;
      });
      quickstart.all.on("end", () => {
        isOver = true;
      });
      // The CLI, its language host, the program, the dynamic host.
      let processes: number[] = [];
      while (!(words.test(output) && processes.length >= 4)) {
        assert.ok(!isOver, output);
        await pause(20);
        processes = (await listDescendants(quickstart.pid as number)).map(({ pid }) => pid);
      }
      quickstart.kill(signal);
      const { exitCode } = await quickstart;
      assert.equal(exitCode, code, output);
      assert.deepEqual(await listRunning(processes), []);
      assert.deepEqual(projects(), before);
    });
  }
});
