import assert from "node:assert/strict";
import { PulumiProject } from "../../scripts/pulumi-project.ts";
import { pulumiProject, succeeded } from "../support/pulumi.ts";

const config = {
  "clusterops:connections.redis-eu.endpoints[0]": "http://127.0.0.1:9443",
  "clusterops:connections.redis-eu.endpoints[1]": "http://127.0.0.1:9444",
  "clusterops:connections.redis-eu.requestTimeout": "3",
  "clusterops:connections.redis-eu.token": "0815",
  "clusterops:connections.redis-eu.insecure": "true",
  'clusterops:guards["*"].minutesBetweenSwitches': "-60",
  "clusterops:override": "true",
  "clusterops:expect": "say \"yes\": 'no'",
  "other:count": "3",
  "seeds[0]": "AAAB/+7eWUc=",
};

describe("a stack whose files are written without the CLI", function () {
  this.timeout(60_000);

  it("has the configuration that the CLI would have set, secrets too", async () => {
    const secrets = { "clusterops:connections.redis-eu.password": "hush" };
    await using quick = await pulumiProject({ config, secrets });
    await using asked = await PulumiProject.create({ config, secrets });
    const shown = async (project: PulumiProject) =>
      JSON.parse(succeeded(await project.run(["config", "--json", "--show-secrets"])).stdout);
    assert.deepEqual(await shown(quick), await shown(asked));
  });

  it("is exported and read as the CLI does it", async () => {
    const program = `import * as pulumi from "@pulumi/pulumi";
      export const list = [1, { two: true }];
      export const hidden = pulumi.secret("hush");`;
    await using project = await pulumiProject({ program });
    succeeded(await project.up());
    const { stdout } = succeeded(await project.run(["stack", "export"]));
    assert.deepEqual(await project.export(), JSON.parse(stdout));
    assert.deepEqual(await project.outputs(), { list: [1, { two: true }], hidden: "hush" });
  });
});
