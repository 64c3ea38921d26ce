import { redis } from "pulumi-clusterops";

const replica = new redis.ReplicaNode("node-3", { nodeUid: 3 });

export const role = replica.role;
