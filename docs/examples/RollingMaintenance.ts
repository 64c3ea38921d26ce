import type * as pulumi from "@pulumi/pulumi";
import { redis } from "pulumi-clusterops";

/** Any resource will do, e.g. a command that runs on the node's host. */
declare function updateHost(nodeUid: number, opts: pulumi.CustomResourceOptions): pulumi.Resource;

new redis.RollingMaintenance("kernel-update", {
  nodeUids: [1, 2, 3],
  timeout: "45m",
  triggers: ["2030-01"],
  work: (nodeUid, opts) => [updateHost(nodeUid, opts)],
});
