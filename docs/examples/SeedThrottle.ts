import { aspire } from "pulumi-clusterops";

const throttle = new aspire.SeedThrottle("overnight", {
  seedId: "b4adeb8c-3deb-4379-ad52-e2a8d219a84a",
  pauseUntil: "2030-01-31T06:00:00+01:00",
});

export const pausedUntil = throttle.pausedUntil;
