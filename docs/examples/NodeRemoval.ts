import { redis } from "pulumi-clusterops";

const removal = new redis.NodeRemoval(
  "old-node",
  { nodeUid: 4, waitForPersistence: true },
  { protect: true },
);

export const removed = removal.removed;
