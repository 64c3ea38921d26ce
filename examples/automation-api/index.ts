import * as pulumi from "@pulumi/pulumi";
import { tcf } from "pulumi-clusterops";

// What the stack holds; failover.ts drives it.
const orders = new tcf.ActiveCluster("orders", {
  active: new pulumi.Config().require("active"),
  clusters: { cluster1: "cluster1", cluster2: "cluster2" },
});

export const { activeName } = orders;
