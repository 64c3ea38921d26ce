import { type RunInputs, runResource } from "../core/run.ts";
import { markCrawlFailed } from "./client.ts";
import { idFailure } from "./ids.ts";
import { explained, sendOnce } from "./sending.ts";
import { aspire, speaksDraft } from "./system.ts";

/**
 * Tells the manager that the crawl of a seed has failed. Page "Manager Node API", `PUT /manager/crawlFailed/:id`. Needs the
 * ADMINISTRATOR or WORKER role.
 */
export interface CrawlFailureInputs extends RunInputs {
  /** Id of the seed, as Aspire shows it (`AAABcID5GBc=`); it is encoded as needed. */
  seedId: string;
}

export interface CrawlFailureOutputs {
  /** What the manager said, if anything. */
  message?: string;
}

export const crawlFailure = runResource<CrawlFailureInputs, CrawlFailureOutputs>({
  system: aspire,
  type: "CrawlFailure",
  timeout: "5m",
  id: ({ seedId }) => seedId,
  subject: ({ seedId }) => `aspire seed ${seedId}`,
  validate({ seedId }) {
    const reason = idFailure(seedId);
    return reason ? [{ property: "seedId", reason: `${JSON.stringify(seedId)} ${reason}` }] : [];
  },
  async preflight({ http }, { seedId }) {
    const plan = `mark the crawl of seed ${seedId} as failed`;
    return speaksDraft(http)
      ? { plan, warnings: ["the draft page (/aspire_api) has no crawlFailed"] }
      : { plan };
  },
  async run(scope, { seedId }) {
    const reply = await explained(scope, () =>
      sendOnce(scope, (options) => markCrawlFailed(scope.http, seedId, options)),
    );
    return { ...reply };
  },
});
