import { redis, tcf } from "pulumi-clusterops";

const orders = new tcf.ActiveCluster("orders", {
  active: "cluster2",
  clusters: { cluster1: "cluster1", cluster2: "cluster2" },
});

const node = new redis.NodeMaintenance("node-2", { nodeUid: 2 }, { dependsOn: orders });

export const activeCluster = orders.activeName;
export const shardsOnNode2 = node.shardCount;
export const nodes = redis.getNodesOutput({}).nodes.apply((all) => all.map(({ nodeUid }) => nodeUid));
