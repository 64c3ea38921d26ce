import { redis } from "pulumi-clusterops";

const maintenance = new redis.NodeMaintenance("node-2", {
  nodeUid: 2,
  overwriteSnapshot: true,
  timeout: "45m",
});

export const shardsLeft = maintenance.shardCount;
