import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { chmod, mkdir, readFile, writeFile } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { execa } from "execa";
import type { PulumiProject } from "../../scripts/pulumi-project.ts";
import { configurationValues, connectionsTo } from "../../simulators/configuration.ts";
import { type RedisSimulator, startRedis, startTcf } from "../../simulators/index.ts";
import { blocksOf, commandsOf as commandsIn } from "../docs/blocks.ts";
import { Combined } from "../support/combined.ts";
import { flow } from "../support/flow.ts";
import { example, pulumiProject } from "../support/pulumi.ts";

const folder = example("approval-gate");
const [github, gitlab] = ["github/clusters.yml", "gitlab/.gitlab-ci.yml"].map((path) =>
  readFileSync(join(folder, path), "utf8"),
) as [string, string];

/** The commands of a pipeline that speak to Pulumi or to this package, in its order. */
function commandsOf(pipeline: string): string[] {
  const lines = pipeline.matchAll(
    /^\s*(?:run:|-) ((?:CLUSTEROPS_\w+=\S+ |CLUSTEROPS_\w+="\$\(.*?\)" )?(?:npx )?pulumi.*)$/gm,
  );
  return [...lines].map(([, command = ""]) => command);
}
const [preview = "", report = "", up = ""] = commandsOf(github);

let redis: RedisSimulator;

async function open() {
  const tcf = await startTcf({ switchMs: 100 });
  redis = await startRedis({ actionMs: 200 });
  const config = configurationValues(connectionsTo({ tcf, redis }));
  const project = await pulumiProject({ from: folder, config });
  // As `npm ci` leaves it in a checkout of one's own.
  const bin = join(project.root, "bin");
  await mkdir(bin);
  const main = join(import.meta.dirname, "../../cli/main.ts");
  await writeFile(join(bin, "npx"), `#!/bin/sh\nshift\nexec "${process.execPath}" "${main}" "$@"\n`);
  await chmod(join(bin, "npx"), 0o755);
  return { system: new Combined(tcf, redis), project };
}

/** Runs a line of the pipeline. */
async function run(project: PulumiProject, command: string) {
  const { exitCode, all } = await execa("sh", ["-ec", command], {
    cwd: project.folder,
    env: {
      ...project.env,
      PATH: [join(project.root, "bin"), project.env.PATH].join(delimiter),
      STACK: project.stack,
      PULUMI_NON_INTERACTIVE: "1",
    },
    extendEnv: false,
    stdin: "ignore",
    all: true,
    reject: false,
    timeout: 100_000,
  });
  return { code: exitCode, output: all };
}

async function passes(project: PulumiProject, command: string): Promise<string> {
  const { code, output } = await run(project, command);
  assert.equal(code, 0, output);
  return output;
}

describe("the pipelines of the example approval-gate", () => {
  it("run the same commands, on GitHub and on GitLab", () => {
    assert.deepEqual(commandsOf(gitlab), commandsOf(github));
    assert.equal(commandsOf(github).length, 3, github);
    const [shown] = blocksOf("docs/approval.md").filter(({ use }) => use === "gate");
    assert.deepEqual(
      shown && commandsIn(shown),
      commandsOf(github).map((command) => command.replace(' --stack "$STACK"', "")),
    );
  });
});

flow("the example approval-gate", open, (step) => {
  step("is previewed, and reported for whoever approves", 0, async ({ project }) => {
    await passes(project, preview);
    await passes(project, report);
    const text = await readFile(join(project.folder, "report.md"), "utf8");
    assert.match(text, /^- `orders` \(`tcf:ActiveCluster`\): `demote cluster1, then promote cluster2`$/m);
    assert.match(
      text,
      /^- `node-3` \(`redis:NodeMaintenance`\): `node 3: maintenance_on, .* 2 other nodes free`$/m,
    );
    assert.match(text, /`leader: node 1`/);
    const sample = readFileSync(join(folder, "report.md"), "utf8");
    const withoutChance = (report: string) =>
      report.replace(/c1\.[\w-]+/, "c1.").replace(/`(localhost):\d+`/g, "`$1`");
    assert.equal(withoutChance(text), withoutChance(sample), text);
  });

  step("is refused as a whole where the cluster has got another leader since", 0, async ({ project }) => {
    redis.changeLeader(3);
    const { code, output } = await run(project, up);
    const [sample] = blocksOf("docs/approval.md").filter(({ language }) => language === "console");
    assert.ok(sample && output.replace(/\s+/g, " ").includes(sample.text.trim()), output);
    assert.notEqual(code, 0, output);
    assert.match(
      output,
      /CLUSTEROPS_EXPECT.*since it was approved, this has changed: leader: was node 1, is node 3/,
    );
  });

  step("is carried out as it was approved, once it is so again", 3, async ({ project }) => {
    redis.changeLeader(1);
    const output = await passes(project, up);
    assert.match(output, /\+ 3 created/);
  });

  step("does nothing the second time", 0, async ({ project }) => {
    assert.match(await passes(project, up), /3 unchanged/);
  });

  step("refuses what was approved for another stack", 0, async ({ project }) => {
    await passes(project, "pulumi stack init other && cp Pulumi.dev.yaml Pulumi.other.yaml");
    const other = await run(project, `STACK=other; ${up}`);
    assert.notEqual(other.code, 0);
    // The engine's own words: it goes no further.
    assert.match(other.output, /create is not allowed by the plan/);
    const unplanned = await run(project, `STACK=other; ${up.replace(" --plan plan.json", "")}`);
    assert.notEqual(unplanned.code, 0);
    assert.match(
      unplanned.output,
      /is the fingerprint of the stack approval-gate\/dev, and this is the stack approval-gate\/other/,
    );
  });
});
