import { aspire } from "pulumi-clusterops";

const release = new aspire.WorkerRelease("failed-worker", {
  workerIds: ["AAABcID5GBc="],
  triggers: ["2030-01-31"],
});

export const released = release.released;
