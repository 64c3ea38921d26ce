import * as pulumi from "@pulumi/pulumi";
import { redis } from "pulumi-clusterops";

const password = new pulumi.Config().requireSecret("redisPassword");

new redis.NodeMaintenance("node-2", {
  nodeUid: 2,
  connection: { endpoint: "https://cluster.example:9443", username: "ops@example.com", password },
});
