import * as pulumi from "@pulumi/pulumi";
import { redis } from "pulumi-clusterops";
import { Patch } from "./patch.ts";

const config = new pulumi.Config();
const command = config.require("command");
/** A new value rolls once more. */
const release = config.get("release") ?? "first";

new redis.RollingMaintenance("roll", {
  nodeUids: [1, 2, 3],
  timeout: "45m",
  triggers: [release],
  // In between the node is empty. What is returned here is done before it comes back.
  work: (nodeUid, opts) => [new Patch(`patch-node-${nodeUid}`, { nodeUid, command, release }, opts)],
});
