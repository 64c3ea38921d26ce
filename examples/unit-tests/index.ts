import * as pulumi from "@pulumi/pulumi";
import { redis } from "pulumi-clusterops";

const nodeUid = new pulumi.Config().requireNumber("nodeUid");

// The more shards have to move, the longer it may take.
const timeout = redis
  .getNodeOutput({ nodeUid })
  .apply(({ shardCount = 0 }) => (shardCount > 50 ? "2h" : "30m"));

export const demotion = new redis.NodeAction("demotion", { nodeUid, action: "enslave_node" });
export const maintenance = new redis.NodeMaintenance(
  "maintenance",
  { nodeUid, timeout },
  { dependsOn: [demotion] },
);
