import { tcf } from "pulumi-clusterops";

const orders = new tcf.ActiveCluster("orders", {
  active: "cluster2",
  clusters: { cluster1: "tcf-east", cluster2: "tcf-west" },
});

export const previous = orders.previousActiveName;
