import * as pulumi from "@pulumi/pulumi";
import { factfinder } from "pulumi-clusterops";

const config = new pulumi.Config();
const workers = config.requireObject<string[]>("workers");
/** A new value, such as today's date, prunes once more. */
const triggers = [config.get("release") ?? "first"];

// Step by step: the director is pruned once, then every worker is brought to the version that came of it, and kept there.
const prune = new factfinder.DatabasePrune("prune-de", { channel: "de", triggers });
const sync = new factfinder.DatabaseSync("workers-de", {
  channel: "de",
  director: "factfinder",
  nodes: workers,
  triggers: [prune.databaseVersion],
});

// The same as one component, worker by worker. After the other channel: a reload serves all channels of its node.
const refresh = new factfinder.ChannelRefresh(
  "refresh-en",
  { channel: "en", director: "factfinder", nodes: workers, batchSize: 1, triggers },
  { dependsOn: sync },
);

export const databaseVersions = { de: sync.databaseVersion, en: refresh.databaseVersion };
