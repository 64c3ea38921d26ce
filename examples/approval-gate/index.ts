import { redis, tcf } from "pulumi-clusterops";

// A pull request changes these.
const active = "cluster2";
const inMaintenance = [3];

const orders = new tcf.ActiveCluster("orders", {
  active,
  clusters: { cluster1: "cluster1", cluster2: "cluster2" },
  // A coordinator may take a failover back. The default is 10s.
  stableFor: "2s",
});

for (const nodeUid of inMaintenance) new redis.NodeMaintenance(`node-${nodeUid}`, { nodeUid });

export const activeCluster = orders.activeName;
