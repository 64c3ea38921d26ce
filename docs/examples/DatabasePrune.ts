import { factfinder } from "pulumi-clusterops";

const prune = new factfinder.DatabasePrune("de", {
  channel: "de",
  connection: "ff-director",
  ifDatabaseVersion: 41,
});

export const databaseVersion = prune.databaseVersion;
