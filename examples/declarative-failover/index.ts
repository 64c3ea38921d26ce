import * as pulumi from "@pulumi/pulumi";
import { tcf } from "pulumi-clusterops";

const orders = new tcf.ActiveCluster("orders", {
  active: new pulumi.Config().require("active"),
  // The two clusters as the federation lists them, each with the connection that leads to its own instances.
  clusters: { cluster_1: "tcf-east", cluster_2: "tcf-west" },
});

export const { activeId, passiveId, previousActiveId } = orders;
