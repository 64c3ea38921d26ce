import { factfinder } from "pulumi-clusterops";

const reset = new factfinder.ConfigVersionReset("worker-1", {
  connection: "ff-worker-1",
  triggers: ["2030-01-31"],
});

export const response = reset.response;
