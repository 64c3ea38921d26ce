import { InputError } from "../core/data/errors.ts";
import { textFailure } from "../core/http/path.ts";
import { type RunInputs, runResource } from "../core/lifecycle/run.ts";
import { effects, markCrawlFailed } from "./client.ts";
import { refusedInPath } from "./ids.ts";
import { sendUntilAnswered, withExplanation } from "./sending.ts";
import { aspire, speaksDraft } from "./system.ts";

/**
 * Tells the manager that the crawl of a seed has failed. Page "Manager Node API", `PUT /manager/crawlFailed/:id`. Needs the
 * ADMINISTRATOR or WORKER role. Success means that the manager has accepted the call: nothing can be read back.
 */
export interface CrawlFailureInputs extends RunInputs {
  /**
   * Id of the seed, as Aspire shows it (a UUID, or `AAABcID5GBc=`); it is encoded as needed. The page has no form with the id in the
   * body, so one that a path cannot carry (it holds `/`, `\`, `;`, `%` or a control character) is refused.
   */
  seedId: string;
}

export interface CrawlFailureOutputs {
  /** What the manager said when it accepted the call, if anything. */
  message?: string;
}

const call = "PUT /manager/crawlFailed/:id";

export const crawlFailure = runResource<CrawlFailureInputs, CrawlFailureOutputs>({
  system: aspire,
  type: "CrawlFailure",
  timeout: "5m",
  id: ({ seedId }) => seedId,
  subject: ({ seedId }) => `aspire seed ${seedId}`,
  validate({ seedId }) {
    const reason = textFailure(seedId);
    return reason ? [{ property: "seedId", reason: `${JSON.stringify(seedId)} ${reason}` }] : [];
  },
  async plan({ http }, { seedId }) {
    const plan = `mark the crawl of seed ${seedId} as failed`;
    const warnings = speaksDraft(http) ? ["the draft page (/aspire_api) has no crawlFailed"] : [];
    return { plan, warnings, refusals: refusedInPath("seedId", seedId, call) };
  },
  async run(scope, { seedId }) {
    const [refused] = refusedInPath("seedId", seedId, call);
    if (refused) throw new InputError(refused.property, `seedId: ${refused.reason}`);
    const reply = await withExplanation(scope, () =>
      sendUntilAnswered(scope, {
        what: `mark the crawl of seed ${seedId} as failed`,
        on: `crawl of seed ${seedId}`,
        does: "crawlFailed",
        ...effects.crawlFailed,
        send: (permit, options) => markCrawlFailed(scope.http, seedId, permit, options),
      }),
    );
    scope.progress("accepted by the manager");
    return { ...reply };
  },
});
