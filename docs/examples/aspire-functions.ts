import { aspire } from "pulumi-clusterops";

const claimed = aspire.claimBatch({ worker: "AAABcIueWUc=", type: "process", items: 50 });

export const urls = claimed.then(({ batch }) => batch?.entry?.map(({ url }) => url) ?? []);
