import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { startAspire, startRedis } from "../../../simulators/index.ts";
import {
  configuration,
  failed,
  flowing,
  needsTerraform,
  succeeded,
  TerraformProject,
} from "../../support/terraform.ts";

const password = "planted-pass/w+rd";
const forms = [password, encodeURIComponent(password), Buffer.from(`ops:${password}`).toString("base64")];
const window = (name = "window", more = "") =>
  `resource "clusterops_redis_node_maintenance" "${name}" {\n  node_uid = 2\n  ${more}\n}\n`;

function nothingOf(where: string, text: string): void {
  for (const form of forms) assert.ok(!text.includes(form), `${where} holds the password: ${text}`);
}

describe("terraform", function () {
  this.timeout(60_000);
  before(needsTerraform);

  it("carries out a saved plan; a renamed resource moves; nobody sees the password", async () => {
    await using redis = await startRedis({ actionMs: 20, auth: { users: [{ username: "ops", password }] } });
    const endpoint = redis.endpoints[0] as string;
    const settings = (word: string) => ({
      redis: `{ endpoints = ["${endpoint}"], username = "ops", password = "${word}" }`,
    });
    using project = new TerraformProject({
      files: configuration(settings(`${password}?`), window()),
      env: { TF_LOG: "TRACE", TF_LOG_PATH: "trace.log" },
    });
    const refused = failed(await project.plan(), /401/);
    nothingOf("the error", refused.output);
    project.write({ "main.tf": configuration(settings(password), window()) });
    const plan = succeeded(await project.plan("-out=saved.tfplan"));
    assert.match(plan.output, /node 2: maintenance_on/);
    const applied = succeeded(await project.run("apply", "-input=false", "-no-color", "saved.tfplan"));
    assert.doesNotMatch(applied.output, /node 2: maintenance_on/, "what the plan said is not said again");
    assert.equal(redis.node(2).inMaintenance, true);

    const moved = `moved {\n  from = clusterops_redis_node_maintenance.window\n  to   = clusterops_redis_node_maintenance.renamed\n}\n`;
    project.write({ "main.tf": configuration(settings(password), `${window("renamed")}${moved}`) });
    const renamed = succeeded(await project.apply());
    assert.match(renamed.output, /0 added, 0 changed, 0 destroyed/);
    assert.equal(redis.counts().mutating, 1);
    for (const { output } of [plan, applied, renamed]) nothingOf("the output", output);
    nothingOf("the state", project.state());
    const log = readFileSync(join(project.folder, "trace.log"), "utf8");
    assert.ok(log.includes("GRPCProvider.v6: ApplyResourceChange"));
    for (const form of forms) assert.ok(!log.includes(form), "the log holds the password");
    const decoded = [...project.state().matchAll(/"private": "([^"]*)"/g)].map(([, text = ""]) => text);
    nothingOf("what nobody sees of it", decoded.map((text) => Buffer.from(text, "base64").toString()).join());
  });

  it("plans with what is not known yet, and applies it", async () => {
    await using redis = await startRedis({ actionMs: 20 });
    const resources = `
resource "terraform_data" "endpoint" { input = "${redis.endpoints[0]}" }
resource "terraform_data" "uid" { input = 2 }
resource "clusterops_redis_node_maintenance" "window" { node_uid = terraform_data.uid.output }
`;
    const connections = { redis: "{ endpoints = [terraform_data.endpoint.output] }" };
    using project = new TerraformProject({ files: configuration(connections, resources) });
    succeeded(await project.apply());
    assert.equal(redis.node(2).inMaintenance, true);
    assert.match(succeeded(await project.apply()).output, /No changes/);
  });

  it("imports, and writes the configuration", async () => {
    await using redis = await startRedis({ actionMs: 20 });
    redis.node(2).start("maintenance_on").finish();
    const block = `import {\n  to = clusterops_redis_node_maintenance.window\n  id = "redis/2"\n}\n`;
    const connections = { redis: redis.endpoints[0] as string };
    using project = new TerraformProject({ files: configuration(connections, block) });
    succeeded(await project.plan("-generate-config-out=window.tf"));
    assert.ok(existsSync(join(project.folder, "window.tf")));
    assert.match(readFileSync(join(project.folder, "window.tf"), "utf8"), /node_uid += 2/);
    const { output } = succeeded(await project.apply());
    assert.match(output, /1 imported, 0 added, 0 changed, 0 destroyed/);
    assert.match(succeeded(await project.plan()).output, /No changes/);
    assert.equal(redis.counts().mutating, 0);
  });

  it("refuses at the line where something is wrong, offline, and sends nothing", async () => {
    const connections = { redis: "http://127.0.0.1:1" };
    using project = new TerraformProject({
      files: configuration(connections, window("window", `timeout = "soon"`)),
    });
    const said = failed(
      await project.run("validate", "-no-color"),
      /timeout: "soon" is not a duration: write "90s"/,
    );
    assert.match(
      flowing(said.output),
      /on main.tf line \d+, in resource "clusterops_redis_node_maintenance" "window": \d+: timeout = "soon"/,
    );
  });

  it("carries out twelve at a time, or one, and a targeted run with its record", async () => {
    await using redis = await startRedis({ actionMs: 50 });
    await using aspire = await startAspire({
      seeds: Array.from({ length: 12 }, (_, index) => `seed-${index}`),
    });
    const resources = `
resource "clusterops_redis_node_action_intent" "run" {
  node_uid = 3
  action   = "enslave_node"
}
resource "clusterops_redis_node_action" "run" {
  node_uid = 3
  action   = "enslave_node"
  before   = clusterops_redis_node_action_intent.run.before
}
resource "clusterops_aspire_seed_release" "many" {
  count    = 12
  seed_ids = ["seed-\${count.index}"]
}`;
    const connections = { redis: redis.endpoints[0] as string, aspire: aspire.endpoints[0] as string };
    using project = new TerraformProject({ files: configuration(connections, resources) });
    succeeded(await project.apply("-target=clusterops_redis_node_action.run"));
    assert.deepEqual([redis.counts().mutating, aspire.counts().mutating], [1, 0]);
    assert.ok(project.recorded("clusterops_redis_node_action_intent.run"));
    succeeded(await project.apply("-parallelism=50"));
    assert.deepEqual([redis.counts().mutating, aspire.counts().mutating], [1, 12]);
    succeeded(await project.apply("-parallelism=1", "-replace=clusterops_aspire_seed_release.many[3]"));
    assert.deepEqual([redis.counts().mutating, aspire.counts().mutating], [1, 13]);
  });
});
