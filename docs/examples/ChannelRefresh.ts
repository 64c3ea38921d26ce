import { factfinder } from "pulumi-clusterops";

const refresh = new factfinder.ChannelRefresh("de", {
  channel: "de",
  director: "ff-director",
  nodes: ["ff-worker-1", "ff-worker-2", "ff-worker-3", "ff-worker-4"],
  batchSize: 2,
  triggers: ["2030-01-31"],
});

export const databaseVersion = refresh.databaseVersion;
