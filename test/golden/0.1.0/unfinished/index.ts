import { factfinder, redis, tcf } from "pulumi-clusterops";

const timeout = "3s";

new redis.NodeMaintenance("window-2", { nodeUid: 2, timeout });
new redis.NodeAction("action-3", { nodeUid: 3, action: "enslave_node", timeout });
new tcf.ActiveCluster("orders", {
  active: "cluster2",
  clusters: { cluster1: "cluster_1", cluster2: "cluster_2" },
  timeout,
});
new factfinder.DatabaseSync("workers-de", {
  channel: "de",
  director: "factfinder",
  nodes: ["worker1", "worker2"],
  maxParallel: 2,
  timeout,
});
