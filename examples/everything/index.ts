import * as pulumi from "@pulumi/pulumi";
import { aspire, factfinder, redis, tcf } from "pulumi-clusterops";

const config = new pulumi.Config();

// Redis Enterprise. One thing after the other, since each needs the other nodes.
const replica = new redis.ReplicaNode("replica-1", { nodeUid: 1 });
const roll = new redis.RollingMaintenance("roll", { nodeUids: [1, 3] }, { dependsOn: replica });
const removal = new redis.NodeRemoval(
  "remove-5",
  { nodeUid: 5, waitForPersistence: true },
  { dependsOn: roll },
);
const window = new redis.NodeMaintenance("window-2", { nodeUid: 2 }, { dependsOn: removal });
const action = new redis.NodeAction(
  "action-4",
  { nodeUid: 4, action: "enslave_node", onTimeout: "cancel" },
  { dependsOn: window },
);

// Tarantool Clusters Federation.
const role = new tcf.ClusterRole("cluster-1", { connection: "cluster1", role: "passive" });
const orders = new tcf.ActiveCluster(
  "orders",
  { active: "cluster2", clusters: { cluster1: "cluster1", cluster2: "cluster2" } },
  { dependsOn: role },
);

// FACT-Finder.
const director = "factfinder";
const workers = ["worker1", "worker2"];
const reset = new factfinder.ConfigVersionReset("reset", {});
const prune = new factfinder.DatabasePrune("prune-de", { channel: "de" });
const sync = new factfinder.DatabaseSync("workers-de", {
  channel: "de",
  director,
  nodes: workers,
  triggers: [prune.databaseVersion],
});
const refresh = new factfinder.ChannelRefresh(
  "refresh-en",
  { channel: "en", director, nodes: workers },
  { dependsOn: sync },
);
const worker = new factfinder.NodeSync(
  "worker-1",
  { connection: "worker1", channels: ["de", "en"], director },
  { dependsOn: refresh },
);

// Aspire.
const release = new aspire.SeedRelease("release", { seedIds: ["AAABcID5GBc=", "AAABcIueWUc="] });
new aspire.WorkerRelease("failed-worker", { workerIds: ["AAABcQk+W/c="] });
new aspire.SeedThrottle("throttle", {
  seedId: "b4adeb8c-3deb-4379-ad52-e2a8d219a84a",
  pauseUntil: config.require("pauseUntil"),
});
new aspire.CrawlFailure("crawl", { seedId: "AAABcIueWUc=" }, { dependsOn: release });
new aspire.BatchAcknowledgement("acknowledge", { batchIds: ["AAABcS0aBB0="], type: "scan" });
// Takes work from the manager at every `up`: only where that is wanted. In a preview it takes none.
const claimed = config.getBoolean("claim")
  ? aspire.claimBatchOutput({ worker: "AAABcQk+W/g=", type: "process" })
  : undefined;

// Read in every preview and every `up`; the last of them only once its resource is there.
const channel = "de";
const nodes = redis.getNodes({}).then((read) => read.nodes.map(({ nodeUid }) => nodeUid));
const shardsOnNode2 = redis.getNodeOutput({ nodeUid: window.nodeUid }).shardCount;
const actionsOnNode2 = redis.getNodeActions({ nodeUid: 2 }).then(({ actions }) => actions.length);
const lastAction = action.status.apply(() => redis.getNodeAction({ nodeUid: 4, action: "enslave_node" }));

export const reads = {
  redis: { nodes, shardsOnNode2, actionsOnNode2, lastAction: lastAction.status },
  tcf: { status: tcf.getStatus({}), isActive: tcf.isActive({}), clusters: tcf.getClusters({}) },
  factfinder: {
    database: factfinder.getDatabaseStateOutput({ channel: sync.channel }),
    imports: factfinder.getImportState({ channel }),
    cluster: factfinder.getClusterState({ channel }),
  },
};
export const done = {
  node5Removed: removal.removed,
  activeCluster: orders.activeName,
  configVersionReset: reset.response,
  databaseVersion: refresh.databaseVersion,
  worker1: worker.channelStates,
  claimed,
};
