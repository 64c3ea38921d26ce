import nock from "nock";
import { resolveConnection } from "../../provider/core/connection/resolve.ts";
import { type Http, openHttp } from "../../provider/core/http/http.ts";
import { redis } from "../../provider/redis/system.ts";
import { withNock as withNockAlone } from "../support/nock.ts";

export const origin = "http://redis.test:9443";

/** Without repeating anything: what is to be seen is one answer. */
export const options = { signal: new AbortController().signal, patience: "once" } as const;

/** Reads or changes something through one of the client's functions. */
export type Ask = (http: Http) => Promise<unknown>;

export function openApi(): Http {
  const connection = { endpoint: origin, username: "ops@example.com", password: "planted-password" };
  return openHttp(resolveConnection(redis, connection, () => undefined));
}

/** Nothing but what a test answers is reached; every test's answers have been asked for by its end. */
export function withNock(): void {
  afterEach(() => {
    const left = nock.pendingMocks();
    if (left.length > 0) throw new Error(`never asked: ${left.join(", ")}`);
  });
  withNockAlone();
}

/** The next such request is answered like this: an object as JSON, a text as it is. */
export function answer(method: string, path: string, status: number, body?: unknown, sent?: unknown): void {
  const text = typeof body === "string" || body === undefined ? body : JSON.stringify(body);
  nock(origin)
    .intercept(path, method, sent as nock.RequestBodyMatcher)
    .reply(status, text);
}
