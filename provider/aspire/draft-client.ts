import { hasStatus, messageOf, reworded } from "../core/data/errors.ts";
import type { CallOptions, Http } from "../core/http/call.ts";
import { path } from "../core/http/path.ts";
import type { Permit } from "../core/http/permit.ts";
import {
  batchCall,
  type ClaimedBatch,
  managerRole,
  type Reply,
  readBatches,
  send,
  workerRole,
} from "./client.ts";

/*
 * The spellings that only the early draft of the page has (prefix `/aspire_api`): GET where a PUT does the same, one id in
 * the body, a list of `{id}`. What it shares with the page that came of it is in client.ts.
 */

/** The draft's calls that take ids, each in the same forms. */
export type Target = "release/worker" | "release/seed" | "batch/ack";

/** `GET /manager/<target>/:id`. It acts, so it is sent once, like a PUT. */
export function sendByGet(
  http: Http,
  target: Target,
  id: string,
  permit: Permit,
  options: CallOptions,
): Promise<Reply> {
  const needs = roleFor(target);
  const call = { mutates: true, method: "GET", path: pathOf(target) + path`/${id}`, needs } as const;
  return send(http, call, permit, options);
}

/** `PUT /manager/<target>` with `{"id": "..."}`. */
export function sendOneId(
  http: Http,
  target: Target,
  id: string,
  permit: Permit,
  options: CallOptions,
): Promise<Reply> {
  const needs = roleFor(target);
  return send(
    http,
    { mutates: true, method: "PUT", path: pathOf(target), body: { id }, needs },
    permit,
    options,
  );
}

/** `PUT /manager/<target>` with `[{"id": "..."}, ...]`. */
export function sendIdObjects(
  http: Http,
  target: Target,
  ids: readonly string[],
  permit: Permit,
  options: CallOptions,
): Promise<Reply> {
  const body = ids.map((id) => ({ id }));
  const needs = roleFor(target);
  return send(http, { mutates: true, method: "PUT", path: pathOf(target), body, needs }, permit, options);
}

/**
 * `GET /manager/batch?tags=&batches=`. The draft leaves the answer's shape open. Its 406 is "there was an issue validating the input": a tag
 * that the manager does not know must not look like an empty queue, for which the draft has no status of its own.
 */
export async function claimBatches(
  http: Http,
  { tags, batches }: { tags?: readonly string[]; batches?: number },
  permit: Permit,
  options: CallOptions,
): Promise<ClaimedBatch> {
  const query = { tags: tags?.length ? tags.join(",") : undefined, batches };
  const answer = http.send({ ...batchCall, values: [], query }, permit, options).catch((error) => {
    if (!hasStatus(error, 406)) throw error;
    throw reworded(
      error,
      `${messageOf(error)} (406 is input that is not valid: are tags and batches right?)`,
    );
  });
  return readBatches(http, await answer);
}

function pathOf(target: Target): string {
  return `/manager/${target}`;
}

function roleFor(target: Target): string {
  return target === "batch/ack" ? workerRole : managerRole;
}
