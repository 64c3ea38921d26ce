import assert from "node:assert/strict";
import { startRedis } from "../../simulators/index.ts";
import { built } from "../support/built.ts";
import { pluginIn } from "../support/plugin.ts";
import { failed, pulumiProject, recorded, succeeded, unchanged } from "../support/pulumi.ts";

const head = `import * as pulumi from "@pulumi/pulumi";
import { Provider, redis } from "pulumi-clusterops";
const endpoint = new pulumi.Config().require("endpoint");
const connections = (password: pulumi.Input<string>) => ({ redis: { endpoint, username: "ops", password } });
`;
const user = { username: "ops", password: "first-Sup3r" };

describe("explicit providers, on the real CLI", function () {
  this.timeout(240_000);
  before(built);

  it("take over what the dynamic provider has made, each with a process of its own, and never two nodes at once", async () => {
    await using system = await startRedis({ nodes: 5, actionMs: 300, auth: { users: [user] } });
    const window = (uid: number, options: string) =>
      `new redis.NodeMaintenance("n${uid}", { nodeUid: ${uid} }, ${options});\n`;
    await using project = await pulumiProject({
      program: head + window(2, "{}"),
      files: { "Pulumi.yaml": pluginIn() },
      config: {
        "e2e:endpoint": system.endpoints[0] as string,
        "clusterops:connections.redis.endpoint": system.endpoints[0] as string,
        "clusterops:connections.redis.username": "ops",
      },
      secrets: { "clusterops:connections.redis.password": "first-Sup3r" },
    });
    succeeded(await project.up());
    system.resetCounts();

    const east = `const east = new Provider("east", { connections: connections("first-Sup3r") });\n`;
    await project.write("index.ts", head + east + window(2, "{ provider: east }"));
    const { resources } = succeeded(await project.up());
    assert.deepEqual(resources, { created: 1, unchanged: 2 });
    const { mutating, reads } = system.counts();
    assert.deepEqual({ mutating, reads }, { mutating: 0, reads: 0 }, "no request at all");
    assert.doesNotMatch(JSON.stringify(await project.export()), /Sup3r/);

    // Its connections come out of another resource: a preview cannot look at anything, and says so.
    const first = `const pre = new redis.NodeAction("pre", { nodeUid: 4, action: "enslave_node" }, { provider: east });\n`;
    const late = `const west = new Provider("west", { connections: connections(pre.status.apply(() => "first-Sup3r")) });\n`;
    await project.write(
      "index.ts",
      head + east + window(2, "{ provider: east }") + first + late + window(3, "{ provider: west }"),
    );
    const preview = succeeded(await project.preview());
    assert.match(preview.output, /connections of this provider are not known yet: this preview says nothing/);
    assert.doesNotMatch(preview.output, /not on record/);
    // Two processes, one installation: the second one looks before it enters.
    failed(await project.up(), /node 2 is in maintenance/);
    assert.deepEqual([system.node(2).inMaintenance, system.node(3).inMaintenance], [true, false]);

    // A rotation: refresh goes by what the last update recorded, and says the way out.
    await project.write("index.ts", head + east + window(2, "{ provider: east }"));
    succeeded(await project.up());
    user.password = "second-Sup3r";
    failed(await project.refresh(), /after a rotation, run pulumi up first, or add --run-program/);
    await project.write(
      "index.ts",
      (head + east + window(2, "{ provider: east }")).replaceAll("first-", "second-"),
    );
    succeeded(await project.up());
    unchanged(await project.refresh());
    succeeded(await project.destroy());
    assert.equal(system.node(2).inMaintenance, false);
    assert.equal(await recorded(project, "n2"), undefined);
  });
});
