import * as pulumi from "@pulumi/pulumi";
import { redis } from "pulumi-clusterops";

const window = new pulumi.Config().require("maintenanceWindow");

const action = new redis.NodeAction("leave-maintenance", {
  nodeUid: 2,
  action: "maintenance_off",
  parameters: { skip_shards_restore: true },
  onTimeout: "cancel",
  triggers: [window],
});

export const status = action.status;
