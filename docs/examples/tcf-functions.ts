import { tcf } from "pulumi-clusterops";

const east = { connection: "tcf-east" };

export const { status } = tcf.getStatusOutput(east);
export const { clusters } = tcf.getClustersOutput(east);
export const active = tcf.isActive(east).then((answer) => answer.active);
export const obstacles = tcf
  .canFailOver({ clusters: { cluster1: "tcf-east", cluster2: "tcf-west" } })
  .then(({ blockers }) => blockers.map(({ reason }) => reason));
