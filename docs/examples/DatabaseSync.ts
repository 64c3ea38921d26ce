import { factfinder } from "pulumi-clusterops";

const sync = new factfinder.DatabaseSync("de", {
  channel: "de",
  director: "ff-director",
  nodes: ["ff-worker-1", "ff-worker-2", "ff-worker-3"],
  maxParallel: 1,
});

export const nodeStates = sync.nodeStates;
