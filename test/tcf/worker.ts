import nock from "nock";
import { resolveConnection } from "../../provider/core/connection/resolve.ts";
import { openHttp } from "../../provider/core/http/http.ts";
import { tcf } from "../../provider/tcf/system.ts";
import { withNock } from "../support/nock.ts";

/** A TCF-worker whose answers are written down one by one. */
export const origin = "http://tcf.test:8080";
/** What a proxy answers in the worker's place. */
export const page = "<html><body>Service page</body></html>";
export const options = { signal: new AbortController().signal, patience: "once" } as const;

export const http = openHttp(
  resolveConnection(tcf, { endpoint: origin, token: "very-secret-token" }, () => undefined),
);

/** The next request of this kind is answered like that. */
export function answering(method: "get" | "post", path: string, status: number, body?: string): void {
  nock(origin)[method](`/tcf/${path}`).reply(status, body);
}

/** To be called inside `describe`: nothing but written answers, and none is left over for the next test. */
export function onlyWrittenAnswers(): void {
  withNock();
}
