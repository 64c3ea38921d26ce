import { aspire } from "pulumi-clusterops";

const release = new aspire.SeedRelease("paused-seeds", {
  seedIds: ["b4adeb8c-3deb-4379-ad52-e2a8d219a84a", "AAABcIueWUc="],
  triggers: ["2030-01-31"],
});

export const released = release.released;
