import * as pulumi from "@pulumi/pulumi";
import { tcf } from "pulumi-clusterops";

const orders = new tcf.ActiveCluster("orders", {
  active: new pulumi.Config().require("active"),
  // The two clusters by the names that the federation lists, each with the connection that leads to its own instances.
  clusters: { cluster1: "tcf-east", cluster2: "tcf-west" },
});

export const { activeName, passiveName, previousActiveName } = orders;
