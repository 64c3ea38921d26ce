import { aspire } from "pulumi-clusterops";

const release = new aspire.SeedRelease("paused-seeds", {
  seedIds: ["AAABcID5GBc=", "AAABcIueWUc="],
  triggers: ["2030-01-31"],
});

export const released = release.released;
