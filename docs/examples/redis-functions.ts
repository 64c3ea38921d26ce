import { redis } from "pulumi-clusterops";

const { nodes } = redis.getNodesOutput({});
const { shardCount } = redis.getNodeOutput({ nodeUid: 2 });
const { actions } = redis.getNodeActionsOutput({ nodeUid: 2 });

export const versions = nodes.apply((all) => all.map(({ softwareVersion }) => softwareVersion));
export const running = actions.apply((all) => all.filter(({ status }) => status === "running"));
export const shards = shardCount;
export const isFree = redis.canMaintainOutput({ nodeUid: 2 }).possible;
export const removal = redis.getNodeAction({ nodeUid: 4, action: "remove" }).then(({ progress }) => progress);
