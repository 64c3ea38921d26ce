import { factfinder } from "pulumi-clusterops";

const sync = new factfinder.NodeSync("worker-1", {
  connection: "ff-worker-1",
  director: "ff-director",
  channels: ["de", "fr"],
  triggers: ["2030-01-31"],
});

export const channelStates = sync.channelStates;
