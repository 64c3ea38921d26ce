/*
 * Never run: types.test.ts compiles it. What a program may write, and below each what it may not: an expected error that does
 * not occur is an error.
 */
import * as pulumi from "@pulumi/pulumi";
import { aspire, type Connection, factfinder, redis, tcf } from "../../sdk/index.ts";

const number = pulumi.output(2);
const text = pulumi.output("a");
const connection: Connection = { endpoints: ["https://h:9443"], username: "u", password: "p" };

// Inputs, plain or as Outputs, at any depth.
const node = new redis.NodeMaintenance("node", {
  nodeUid: number,
  evictDbs: ["1", 2, text],
  connection: { endpoint: text, token: pulumi.secret("t") },
  timeout: "30m",
});
new redis.NodeMaintenance("named", { nodeUid: 2, connection: "west", timeout: 90 }, { dependsOn: [node] });
new redis.NodeAction("action", { nodeUid: 2, action: "enslave_node", parameters: { any: [{ thing: 1 }] } });
const replica = new redis.ReplicaNode("replica", { nodeUid: number, demoteNode: false });
new redis.NodeMaintenance("leader", { nodeUid: 1, demoteNode: true });
new redis.RollingMaintenance("roll", { nodeUids: [1, 2], demoteNode: true });
new redis.NodeRemoval("removal", { nodeUid: 3, connection, triggers: [number, "again"] });
new tcf.ActiveCluster("failover", { active: text, clusters: { c1: "east", c2: connection } });
new factfinder.DatabaseSync("sync", { channel: "de", director: "d", nodes: ["w1", connection, text] });
new aspire.SeedThrottle("throttle", { seedId: "s", pauseUntil: 1_900_000_000_000 });

// @ts-expect-error nodeUid is required
new redis.NodeMaintenance("n", {});
// @ts-expect-error nodeUid is a number
new redis.NodeMaintenance("n", { nodeUid: true });
// @ts-expect-error evictDb is not an input
new redis.NodeMaintenance("n", { nodeUid: 2, evictDb: [1] });
// @ts-expect-error a connection has no url
new redis.NodeMaintenance("n", { nodeUid: 2, connection: { url: "https://h" } });
// @ts-expect-error "stop" is not one of "leave" and "cancel"
new redis.NodeAction("n", { nodeUid: 2, action: "a", onTimeout: "stop" });
// @ts-expect-error an Output of another type
new tcf.ActiveCluster("n", { active: number, clusters: {} });
// @ts-expect-error clusters is no list
new tcf.ActiveCluster("n", { active: "c1", clusters: ["east", "west"] });
// @ts-expect-error both is neither scan nor process
new aspire.BatchAcknowledgement("n", { batchIds: ["a"], type: "both" });
// @ts-expect-error options are options
new redis.ReplicaNode("n", { nodeUid: 1 }, { dependOn: [node] });

// Outputs, and inputs as outputs.
export const outputs: {
  inMaintenance: pulumi.Output<boolean>;
  nodeUid: pulumi.Output<number>;
  taskId: pulumi.Output<string | undefined>;
} = node;
export const role: pulumi.Output<string> = replica.role;
export const masters: pulumi.Output<number | undefined> = replica.masterShardCount;
// @ts-expect-error an Output is no plain value
export const plain: boolean = node.inMaintenance;
// @ts-expect-error there is no such output
export const missing = node.maintenance;

// What a successful operation always sets is always there.
const action = new redis.NodeAction("action", { nodeUid: 2, action: "enslave_node" });
const failover = new tcf.ActiveCluster("failover", { active: "c1", clusters: { c1: "east", c2: "west" } });
export const always: {
  [name: string]:
    | pulumi.Output<string>
    | pulumi.Output<boolean>
    | pulumi.Output<number>
    | pulumi.Output<object[]>;
} = {
  inMaintenance: node.inMaintenance,
  removed: new redis.NodeRemoval("removal", { nodeUid: 3 }).removed,
  role: replica.role,
  status: action.status,
  activeName: failover.activeName,
  activeId: failover.activeId,
  passiveName: failover.passiveName,
  passiveId: failover.passiveId,
  clusterStatus: new tcf.ClusterRole("role", { role: "active" }).status,
  databaseVersion: new factfinder.DatabasePrune("prune", { channel: "de" }).databaseVersion,
  released: new aspire.SeedRelease("seeds", { seedIds: ["a"] }).released,
  pausedUntil: new aspire.SeedThrottle("t", { seedId: "a", pauseUntil: 1 }).pausedUntil,
};
// @ts-expect-error nobody was active before the first failover
export const previous: pulumi.Output<string> = failover.previousActiveName;

// `isInstance` is of the class.
export function uidOf(resource: pulumi.Resource): pulumi.Output<number> | undefined {
  return redis.NodeMaintenance.isInstance(resource) ? resource.nodeUid : undefined;
}
export const replicas = [node, replica].filter(redis.ReplicaNode.isInstance).map(({ role: its }) => its);
export const isRoll: boolean = redis.RollingMaintenance.isInstance(node);

// Functions: plain arguments and a promise; Inputs and an Output.
export const status: Promise<{ status: string }> = tcf.getStatus({});
export const statusOutput: pulumi.Output<{ status: string }> = tcf.getStatusOutput({ connection: text });
export const shards = redis.getNodeOutput({ nodeUid: node.nodeUid }).apply((it) => it.shardCount);
export const batch = aspire.claimBatchOutput({ worker: text, type: "scan" });
// @ts-expect-error a promise takes no Outputs
redis.getNode({ nodeUid: number });
// @ts-expect-error channel is required
factfinder.getDatabaseState({});

// Components.
new redis.RollingMaintenance("roll", {
  nodeUids: [1, 2, 3],
  work: (nodeUid, opts) => [new redis.ReplicaNode(`replica-${nodeUid}`, { nodeUid }, opts)],
  evictHaReplica: false,
});
new factfinder.ChannelRefresh("refresh", {
  channel: "de",
  director: connection,
  nodes: ["w1"],
  batchSize: 2,
});
// @ts-expect-error the nodes take their turns, so nodeUid is not for all of them
new redis.RollingMaintenance("roll", { nodeUids: [1], nodeUid: 1 });
