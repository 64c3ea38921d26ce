import type { PlainAnswer } from "../../simulators/index.ts";
import type { Trouble } from "./story.ts";

/** What something on the way answers in the system's place. Undefined: it is no such trouble. @param credentials that it has seen */
export function substitute(trouble: Trouble, credentials: readonly string[]): PlainAnswer | undefined {
  switch (trouble.kind) {
    case "gateway": {
      const { status, retryAfter } = trouble;
      const headers: Record<string, string> = retryAfter === undefined ? {} : { "retry-after": retryAfter };
      return { status, headers, body: `a gateway says ${status}`, effect: false };
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
