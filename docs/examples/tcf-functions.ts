import { tcf } from "pulumi-clusterops";

const east = { connection: "tcf-east" };

export const { status } = tcf.getStatusOutput(east);
export const { clusters } = tcf.getClustersOutput(east);
export const active = tcf.isActive(east).then((answer) => answer.active);
