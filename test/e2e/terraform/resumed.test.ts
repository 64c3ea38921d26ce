import assert from "node:assert/strict";
import { startAspire, startRedis } from "../../../simulators/index.ts";
import {
  configuration,
  failed,
  flowing,
  needsTerraform,
  succeeded,
  TerraformProject,
} from "../../support/terraform.ts";

const postcondition = `lifecycle {
    postcondition {
      condition     = self.ready
      error_message = "not finished: the next terraform apply resumes it"
    }
  }`;
/** A run, and what depends on it. */
const program = ({ timeout = "1s", check = postcondition } = {}) => `
resource "clusterops_redis_node_action" "demotion" {
  node_uid = 3
  action   = "enslave_node"
  timeout  = "${timeout}"
  ${check}
}
resource "clusterops_aspire_seed_release" "seed" {
  seed_ids   = ["1"]
  depends_on = [clusterops_redis_node_action.demotion]
}`;
const [run, next] = ["clusterops_redis_node_action.demotion", "clusterops_aspire_seed_release.seed"];

async function open(options?: Parameters<typeof program>[0]) {
  const redis = await startRedis({ actionMs: 100 });
  const aspire = await startAspire({ seeds: ["1"] });
  const connections = { redis: redis.endpoints[0] as string, aspire: aspire.endpoints[0] as string };
  const files = (what?: Parameters<typeof program>[0]) => ({
    "main.tf": configuration(connections, program(what)),
  });
  const project = new TerraformProject({ files: files(options) });
  return {
    redis,
    aspire,
    project,
    change: (what: Parameters<typeof program>[0]) => project.write(files(what)),
    async [Symbol.asyncDispose]() {
      project[Symbol.dispose]();
      await redis[Symbol.asyncDispose]();
      await aspire[Symbol.asyncDispose]();
    },
  };
}

describe("what terraform apply leaves unfinished", function () {
  this.timeout(90_000);
  before(needsTerraform);

  it("is recorded, not tainted, and resumed without a request", async () => {
    await using stage = await open();
    const { redis, project } = stage;
    redis.plan({ action: "enslave_node", held: true });
    const first = failed(await project.apply(), /not finished: the next terraform apply resumes it/);
    assert.match(
      flowing(first.output),
      /Warning: not finished: redis node 3 enslave_node: .*last seen running/,
    );
    assert.equal(project.recorded(run)?.ready, false);
    assert.equal(project.isTainted(run), false);
    assert.equal(project.recorded(next), undefined, "what depends on it has not begun");
    assert.equal(redis.counts().mutating, 1);

    redis.node(3).action("enslave_node").finish();
    redis.resetCounts();
    succeeded(await project.apply());
    assert.equal(project.recorded(run)?.ready, true);
    assert.equal(redis.counts().mutating, 0);
    assert.equal(project.recorded(next)?.ready, true);
    assert.match(succeeded(await project.apply()).output, /No changes/);
  });

  it("stops what comes after it where nothing holds it", async () => {
    await using stage = await open({ check: "" });
    const { redis, aspire, project } = stage;
    redis.plan({ action: "enslave_node", held: true });
    const first = failed(
      await project.apply(),
      /not begun: clusterops_redis_node_action 3\/enslave_node is not finished/,
    );
    assert.match(flowing(first.output), /Warning: not finished/);
    assert.equal(aspire.counts().mutating, 0);
    assert.deepEqual([project.recorded(run)?.ready, project.recorded(next)], [false, undefined]);

    redis.node(3).action("enslave_node").finish();
    succeeded(await project.apply());
    assert.deepEqual([redis.counts().mutating, aspire.counts().mutating], [1, 1]);
    assert.match(succeeded(await project.apply()).output, /No changes/);
  });

  it("ends in an error where it is an update, and is resumed", async () => {
    await using stage = await open({ check: "", timeout: "30s" });
    const { redis, project } = stage;
    succeeded(await project.apply());
    redis.plan({ action: "enslave_node", held: true });
    stage.change({ check: "triggers = [2]" });
    redis.resetCounts();
    failed(await project.apply(), /Error: redis node 3 enslave_node: .*It is recorded, and not finished/);
    assert.equal(project.recorded(run)?.ready, false);
    redis.node(3).action("enslave_node").finish();
    succeeded(await project.apply());
    assert.equal(project.recorded(run)?.ready, true);
    assert.equal(redis.counts().mutating, 1);
  });
});
