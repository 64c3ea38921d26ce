import * as pulumi from "@pulumi/pulumi";
import { tcf } from "pulumi-clusterops";

// What the stack holds; failover.ts drives it.
const orders = new tcf.ActiveCluster("orders", {
  active: new pulumi.Config().require("active"),
  clusters: { cluster_1: "cluster_1", cluster_2: "cluster_2" },
});

export const { activeName } = orders;
