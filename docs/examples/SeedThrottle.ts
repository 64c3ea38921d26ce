import { aspire } from "pulumi-clusterops";

const throttle = new aspire.SeedThrottle("overnight", {
  seedId: "AAABcID5GBc=",
  pauseUntil: "2030-01-31T06:00:00+01:00",
});

export const pausedUntil = throttle.pausedUntil;
