import * as pulumi from "@pulumi/pulumi";
import { redis } from "pulumi-clusterops";

/** The node whose maintenance window is open; not set: no window is. */
const nodeUid = new pulumi.Config().getNumber("node");

const window =
  nodeUid === undefined
    ? undefined
    : new redis.NodeMaintenance("window", {
        nodeUid,
        // How long the shards may take to move away. When it runs out, nothing is lost: the next `pulumi up` goes on waiting.
        timeout: "45m",
      });

/** 0 once the node is empty and may be worked on. */
export const shardsOnNode = window?.shardCount;
