import { clock } from "../data/clock.ts";
import { RequestError, UnreachableError } from "../data/errors.ts";
import type { Session } from "../work/installation.ts";

/** In milliseconds: a long preview says it again, and so does the next one of a process that lives for long. */
const saidFor = 60_000;

/**
 * The warning of one resource, where it is to say it: of endpoints that cannot be reached one says it, for all that need the same
 * (provider/README.md, rule 9). Of two hundred warnings nobody reads the others.
 *
 * @param by tells resources apart: who has said it says it again
 */
export function onceForAll(
  session: Session | undefined,
  { warning, error, by }: { warning: string; error: unknown; by: string },
): string | undefined {
  const endpoints = unreachable(error);
  if (!session || endpoints.length === 0) return warning;
  const said = session.note(
    "endpoints said to be unreachable",
    () => new Map<string, { by: string; at: number }>(),
  );
  const key = endpoints.join(" ");
  const before = said.get(key);
  if (before && before.by !== by && clock.elapsed() - before.at < saidFor) return undefined;
  said.set(key, { by, at: clock.elapsed() });
  return `${warning}; other resources that need it do not repeat this`;
}

/** The endpoints that could not be reached, if that is all that is wrong. */
function unreachable(error: unknown): string[] {
  const all = failuresIn(error);
  if (!all.every((failure) => failure instanceof UnreachableError)) return [];
  return [...new Set(all.map(({ url }) => URL.parse(url)?.origin ?? url))].sort();
}

/** One failure for each endpoint that was asked, and of a token that could not be had its own. */
function failuresIn(error: unknown): RequestError[] {
  if (!(error instanceof RequestError)) return [];
  const { cause } = error;
  const inner = cause instanceof AggregateError ? cause.errors.flatMap(failuresIn) : failuresIn(cause);
  return inner.length > 0 ? inner : [error];
}
