import { aspire } from "pulumi-clusterops";

const acknowledgement = new aspire.BatchAcknowledgement("batches", {
  batchIds: ["AAABcID5GBc=", 17],
  type: "scan",
});

export const acknowledged = acknowledgement.acknowledged;
