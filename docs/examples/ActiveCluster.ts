import { tcf } from "pulumi-clusterops";

const orders = new tcf.ActiveCluster("orders", {
  active: "cluster_2",
  clusters: { cluster_1: "tcf-east", cluster_2: "tcf-west" },
});

export const previous = orders.previousActiveId;
