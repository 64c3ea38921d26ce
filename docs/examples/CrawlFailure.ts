import { aspire } from "pulumi-clusterops";

const failure = new aspire.CrawlFailure("stuck-crawl", {
  seedId: "b4adeb8c-3deb-4379-ad52-e2a8d219a84a",
  triggers: ["2030-01-31"],
});

export const message = failure.message;
