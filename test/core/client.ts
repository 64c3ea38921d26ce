import { resolveConnection } from "../../provider/core/connection/resolve.ts";
import type { Connection, System } from "../../provider/core/connection/settings.ts";
import { RequestError } from "../../provider/core/data/errors.ts";
import { type Call, type CallOptions, type Http, openHttp } from "../../provider/core/http/http.ts";

/** A system without peculiarities. */
export const plain: System = { name: "plain", title: "Plain" };

/** A way to one or more servers. */
export function open(endpoints: string | string[], settings: Connection = {}, system = plain): Http {
  return openHttp(resolveConnection(system, { endpoints: [endpoints].flat(), ...settings }, () => undefined));
}

/** A call that only needs its path. */
export function get(http: Http, path = "/", options: Partial<CallOptions & Call> = {}) {
  const { signal = new AbortController().signal, patience, onTrouble, ...call } = options;
  return http.call({ method: "GET", path, ...call }, { signal, patience, onTrouble });
}

/** What a request failed with. */
export async function failureOf(work: Promise<unknown>): Promise<RequestError> {
  const failure = await work.then(
    (value) => new Error(`succeeded: ${JSON.stringify(value)}`),
    (error: unknown) => error,
  );
  if (failure instanceof RequestError) return failure;
  throw failure;
}
