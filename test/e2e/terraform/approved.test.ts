import assert from "node:assert/strict";
import { fingerprintOf } from "../../../cli/plan-report/fingerprint.ts";
import { readPlan } from "../../../cli/plan-report/read.ts";
import { reportOf } from "../../../cli/plan-report/report.ts";
import { startRedis } from "../../../simulators/index.ts";
import {
  configuration,
  failed,
  needsTerraform,
  succeeded,
  TerraformProject,
} from "../../support/terraform.ts";

const window = 'resource "clusterops_redis_node_maintenance" "window" {\n  node_uid = 2\n}\n';

describe("what was approved, in terraform", function () {
  this.timeout(120_000);
  before(needsTerraform);

  it("holds for a create and a delete, and until something else has changed", async () => {
    await using redis = await startRedis({ actionMs: 20 });
    const connections = { redis: redis.endpoints[0] as string };
    const expecting = (expect: string, resources: string) =>
      configuration(connections, resources).replace(
        'provider "clusterops" {',
        `provider "clusterops" {\n  expect = "${expect}"`,
      );
    using project = new TerraformProject({ files: expecting("report", window) });
    const approved = async (): Promise<string> => {
      const { output } = succeeded(await project.plan("-json"));
      const plan = readPlan(output);
      const fingerprint = fingerprintOf(plan);
      assert.ok("token" in fingerprint, reportOf(plan, fingerprint));
      return fingerprint.token;
    };

    const { output } = succeeded(await project.plan("-json"));
    const plan = readPlan(output);
    assert.match(
      reportOf(plan, fingerprintOf(plan)),
      /### What will be sent\n\n- `window` \(`redis:NodeMaintenance`\): `node 2: maintenance_on/,
    );
    const create = await approved();
    redis.changeLeader(2);
    project.write({ "main.tf": expecting(create, window) });
    failed(await project.apply(), /this\s+has\s+changed:\s+leader: was node 1, is node 2/);
    assert.equal(redis.counts().mutating, 0);
    redis.changeLeader(1);
    succeeded(await project.apply());
    assert.match(succeeded(await project.apply()).output, /No changes/);
    assert.equal(redis.counts().mutating, 1);

    project.write({ "main.tf": expecting(create, "") });
    failed(await project.apply(), /its\s+deletion\s+is\s+not\s+part\s+of\s+what\s+was\s+approved/);
    assert.equal(redis.counts().mutating, 1);
    project.write({ "main.tf": expecting("report", "") });
    const deletion = await approved();
    project.write({ "main.tf": expecting(deletion, "") });
    succeeded(await project.apply());
    assert.equal(redis.node(2).inMaintenance, false);
  });
});
