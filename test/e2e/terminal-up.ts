/** One `pulumi up` of a node that takes some seconds, in whatever terminal this process has: see terminal.test.ts. */
import { PulumiProject } from "../../scripts/pulumi-project.ts";
import { startRedis } from "../../simulators/index.ts";
import { leanSdk } from "../support/lean-sdk.ts";

await using redis = await startRedis({ nodes: 3, actionMs: 4_000 });
await using project = await PulumiProject.create({
  program: `import { redis } from "pulumi-clusterops";
new redis.NodeMaintenance("node-2", { nodeUid: 2 });`,
  isQuick: true,
  env: leanSdk,
  config: { "clusterops:connections.redis.endpoints[0]": redis.endpoints[0] as string },
});
await project.up({ show: "inherit", check: true });
