import { connectionsKey } from "../connection/configured.ts";
import { prefixOf } from "../connection/environment.ts";
import { advice } from "../data/advice.ts";
import { messageOf, reworded, StatusError, TokenError } from "../data/errors.ts";
import { isRefused } from "../http/http.ts";
import type { Context } from "../work/context.ts";
import type { Properties, Spec } from "./resource.ts";

/**
 * Runs what an engine may ask for with the configuration of an earlier update (a read, a delete): where its credentials are refused, once
 * more with those of today. Nothing is done twice: it observes and decides anew.
 */
export async function withLatestCredentials<T>(
  spec: Spec,
  context: Context,
  recorded: Properties,
  work: (context: Context) => Promise<T>,
): Promise<T> {
  const { config, latestConfig } = context;
  const first = await attempt(() => work(context));
  if ("done" in first) return first.done;
  if (!latestConfig || !isUnauthorized(first.failure)) throw first.failure;
  const latest = await latestConfig();
  const isNewer = latest !== undefined && latest(connectionsKey) !== config(connectionsKey);
  const last = isNewer ? await attempt(() => work({ ...context, config: latest })) : first;
  if ("done" in last) return last.done;
  const way = isUnauthorized(last.failure) ? wayOut(spec, recorded, latest !== undefined) : undefined;
  throw way === undefined ? last.failure : reworded(last.failure, `${messageOf(last.failure)}; ${way}`);
}

async function attempt<T>(work: () => Promise<T>): Promise<{ done: T } | { failure: unknown }> {
  try {
    return { done: await work() };
  } catch (failure) {
    return { failure };
  }
}

/** What is left to do after a rotation. @param isLatest what was refused is what configuration says by now */
function wayOut(spec: Spec, recorded: Properties, isLatest: boolean): string | undefined {
  const references = spec.connections(recorded).map(([, reference]) => reference ?? spec.system.name);
  const names = references.filter((reference) => typeof reference === "string");
  if (names.length < references.length) return advice.rotatedInline;
  return isLatest ? undefined : advice.rotated(names.map((name) => `${prefixOf(name)}*`).join(", "));
}

/** Whether it was the credentials: of the request, or of the one for its token. */
function isUnauthorized(error: unknown, depth = 0): boolean {
  if (!(error instanceof Error) || depth > 5) return false;
  if (error instanceof StatusError) return error.status === 401;
  if (error instanceof TokenError) return isRefused(error.cause);
  const inner = error instanceof AggregateError ? error.errors : [error.cause];
  return inner.some((cause) => isUnauthorized(cause, depth + 1));
}
