import assert from "node:assert/strict";
import { flow } from "../support/flow.ts";
import { failed, recorded, succeeded, unchanged } from "../support/pulumi.ts";
import { redisHarness, redisProgram } from "../support/redis-harness.ts";

const auth = { users: [{ username: "ops@example.com", password: "right" }] };

flow(
  "a password in the environment",
  () =>
    redisHarness(
      redisProgram(`new redis.NodeMaintenance("node-2", { nodeUid: 2 });`),
      { auth, actionMs: 300 },
      {
        "clusterops:connections.redis.username": "ops@example.com",
        "clusterops:connections.redis.password": "wrong",
      },
    ),
  (step) => {
    step("is missed by a preview while the configured one is wrong", 0, async ({ project }) => {
      const { output } = failed(await project.preview(), /node-2.*401/);
      assert.doesNotMatch(output, /wrong/);
    });

    step("beats the configured one", 1, async ({ project }) => {
      succeeded(await project.up({ env: { CLUSTEROPS_REDIS_PASSWORD: "right" } }));
    });

    step("is no change when it is gone: nothing is asked for", 0, async ({ project }) => {
      unchanged(await project.up());
    });
  },
);

// Whatever another resource tells is unknown until that resource is there: a node's uid, an id in a list, an endpoint.
const program = (url: string) =>
  redisProgram(
    `const first = new redis.ReplicaNode("first", { nodeUid: 3 });`,
    `new redis.NodeMaintenance("second", {`,
    `  nodeUid: first.role.apply((role) => (role === "slave" ? 2 : 1)),`,
    `  evictDbs: [first.role.apply(() => "1"), "2"],`,
    `  connection: { endpoint: first.role.apply(() => "${url}"), username: "ops@example.com", password: "right" },`,
    `});`,
  );

flow(
  "inputs and a connection that are unknown until another resource is made",
  async () => {
    const harness = await redisHarness(
      "",
      // By its role alone node 3 is a replica already: nothing is sent for it.
      { auth, actionMs: 300, statusShards: "none" },
      {
        "clusterops:connections.redis.username": "ops@example.com",
        "clusterops:connections.redis.password": "right",
      },
    );
    await harness.project.write("index.ts", program(harness.system.endpoints[0] as string));
    return harness;
  },
  (step) => {
    step("are no mistake in a preview", 0, async ({ project }) => {
      const { output, resources } = succeeded(await project.preview());
      assert.deepEqual(resources, { "to create": 3 });
      assert.doesNotMatch(output, /second.*(warning|error)/);
    });

    step("are what they became in the up", 1, async ({ project, system }) => {
      succeeded(await project.up());
      assert.equal(system.node(2).inMaintenance, true);
      const [on] = system.requests.filter(({ path }) => path === "/v1/nodes/2/actions/maintenance_on");
      assert.ok(on);
      const body = system.requests.find(({ mutating }) => mutating)?.body;
      assert.deepEqual(body, { evict_dbs: ["1", "2"] });
      assert.equal((await recorded(project, "second"))?.inputs.nodeUid, 2);
    });

    step("are no change in the next", 0, async ({ project }) => {
      unchanged(await project.up({ preview: true }));
    });

    step("lead back out when they are destroyed", 1, async ({ project, system }) => {
      succeeded(await project.destroy());
      assert.equal(system.node(2).inMaintenance, false);
    });
  },
);
