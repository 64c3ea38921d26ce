import { factfinder } from "pulumi-clusterops";

const worker = { channel: "de", connection: "ff-worker-1" };

export const { databaseVersion, deltaVersion } = factfinder.getDatabaseStateOutput(worker);
export const { cacheFlush } = factfinder.getClusterStateOutput(worker);
export const dataImports = factfinder
  .getImportState(worker)
  .then(({ importCounts }) => importCounts.find(({ type }) => type === "DATA")?.count);
