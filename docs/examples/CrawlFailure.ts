import { aspire } from "pulumi-clusterops";

const failure = new aspire.CrawlFailure("stuck-crawl", {
  seedId: "AAABcID5GBc=",
  triggers: ["2030-01-31"],
});

export const message = failure.message;
