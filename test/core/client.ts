import { resolveConnection } from "../../provider/core/connection/resolve.ts";
import type { Connection, System } from "../../provider/core/connection/settings.ts";
import { RequestError } from "../../provider/core/data/errors.ts";
import {
  type CallOptions,
  type Http,
  type MutatingCall,
  openHttp,
  type ReadingCall,
} from "../../provider/core/http/http.ts";

import { freely } from "../support/permit.ts";

/** A system without peculiarities. */
export const plain: System = { name: "plain", title: "Plain" };

/** A way to one or more servers. */
export function open(endpoints: string | string[], settings: Connection = {}, system = plain): Http {
  return openHttp(resolveConnection(system, { endpoints: [endpoints].flat(), ...settings }, () => undefined));
}

/** A call that only needs its path; with another method than GET, or `mutates`, one that may change something. */
export function get(
  http: Http,
  path = "/",
  options: Partial<CallOptions & Omit<MutatingCall, "mutates"> & { mutates: boolean }> = {},
) {
  const {
    signal = new AbortController().signal,
    patience,
    onTrouble,
    method = "GET",
    mutates,
    ...call
  } = options;
  const how = { signal, patience, onTrouble };
  return method === "GET" && !mutates
    ? http.call({ method, path, ...call }, how)
    : http.send({ mutates: true, method, path, ...call }, freely, how);
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
