import * as pulumi from "@pulumi/pulumi";
import { aspire } from "pulumi-clusterops";

const config = new pulumi.Config();
/** A new value, such as a ticket's number, releases once more. */
const triggers = [config.get("ticket") ?? "first"];

// Ids as Aspire shows them: what needs encoding in a URL is encoded.
const seeds = new aspire.SeedRelease("seeds", { seedIds: config.requireObject("seeds"), triggers });

// Then the batches that the failed workers hold go to other workers.
const workers = new aspire.WorkerRelease(
  "workers",
  { workerIds: config.requireObject("failedWorkers"), triggers },
  { dependsOn: seeds },
);

export const released = { seeds: seeds.released, workers: workers.released };
