import * as pulumi from "@pulumi/pulumi";
import { redis, tcf } from "pulumi-clusterops";

const config = new pulumi.Config();

const orders = new tcf.ActiveCluster("orders", {
  active: config.require("active"),
  clusters: { cluster1: "cluster1", cluster2: "cluster2" },
});

// The clients have moved away: the node may go.
const node = new redis.NodeMaintenance("node-2", { nodeUid: 2 }, { dependsOn: orders });

export const activeCluster = orders.activeName;
export const shardsOnNode2 = node.shardCount;
