import type { PlainAnswer } from "../../simulators/index.ts";
import type { Trouble } from "./story.ts";

/**
 * What something on the way answers in the system's place. Undefined: it is no such trouble.
 *
 * @param credentials that it has seen
 * @param now by its clock, which is right
 */
export function substitute(
  trouble: Trouble,
  credentials: readonly string[],
  now: number,
): PlainAnswer | undefined {
  switch (trouble.kind) {
    case "gateway": {
      const { status, retryAfter, retryAt, page } = trouble;
      const wait = retryAt === undefined ? retryAfter : new Date(now + retryAt).toUTCString();
      const headers: Record<string, string> = {
        ...(wait !== undefined && { "retry-after": wait }),
        ...(page && { "content-type": "text/html" }),
      };
      const said = `a gateway says ${status}`;
      const body = page ? `<html><head><title>${said}</title></head><body>${said}</body></html>` : said;
      return { status, headers, body, effect: false };
    }
    case "echo": {
      const body = JSON.stringify({ error: credentials.join(" ") });
      return { status: trouble.status, headers: {}, body, effect: false };
    }
    case "hollow 200": {
      const headers = { "content-type": "application/json" };
      return { status: 200, headers, body: trouble.body, effect: false };
    }
    default:
      return undefined;
  }
}
