import { tcf } from "pulumi-clusterops";

const east = new tcf.ClusterRole("east", { role: "passive", connection: "tcf-east" });

export const status = east.status;
