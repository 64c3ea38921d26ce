import { aspire, factfinder, redis, tcf } from "pulumi-clusterops";

// A failover is a change of this line.
const active = "cluster1";

const orders = new tcf.ActiveCluster("orders", {
  active,
  // The name of each cluster, and the connection that leads to it.
  clusters: { cluster1: "cluster1", cluster2: "cluster2" },
  // A coordinator may take a failover back. The default is 10s; nobody waits that long to see a simulator.
  stableFor: "2s",
});

// In maintenance for as long as this resource exists: its shards are on the other nodes.
const node = new redis.NodeMaintenance("node-2", { nodeUid: 2, timeout: "45m" });

// Once, exactly; then every worker is brought to the director's version, and kept there.
const prune = new factfinder.DatabasePrune("prune-de", { channel: "de" });
const sync = new factfinder.DatabaseSync("workers-de", {
  channel: "de",
  director: "factfinder",
  nodes: ["worker1", "worker2"],
  triggers: [prune.databaseVersion],
});

new aspire.SeedRelease("release", { seedIds: ["AAABcID5GBc="] });

export const activeCluster = orders.activeName;
export const shardsOnNode2 = node.shardCount;
export const databaseVersion = sync.databaseVersion;
