import { redis, tcf } from "pulumi-clusterops";

const orders = new tcf.ActiveCluster("orders", {
  active: "cluster_2",
  clusters: { cluster_1: "cluster_1", cluster_2: "cluster_2" },
});

const node = new redis.NodeMaintenance("node-2", { nodeUid: 2 }, { dependsOn: orders });

export const activeCluster = orders.activeName;
export const shardsOnNode2 = node.shardCount;
export const nodes = redis.getNodesOutput({}).nodes.apply((all) => all.map(({ nodeUid }) => nodeUid));
