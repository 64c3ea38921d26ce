/** The promise's outcome, or the signal's reason, whichever comes first. Leaves no listener behind. */
export async function abortable<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted();
  const { promise: first, resolve, reject } = Promise.withResolvers<T>();
  const onAbort = () => reject(signal.reason);
  signal.addEventListener("abort", onAbort, { once: true });
  promise.then(resolve, reject);
  try {
    return await first;
  } finally {
    signal.removeEventListener("abort", onAbort);
  }
}

/** Why something is ended that nobody waits for any more: one for all, since most looks end so, and each error costs as much as a part of one. */
export const unwanted = new Error("nobody waits any more");

const sources: unique symbol = Symbol("sources");

/**
 * A signal that aborts with the first of some others, as `AbortSignal.any` makes it. It listens to all of them until then: one of them has
 * to abort in the end. What `AbortSignal.any` makes is weakly held: it and all that it keeps outlive all but the largest collections of
 * garbage.
 */
export function firstOf(
  signals: readonly (AbortSignal & { [sources]?: readonly AbortSignal[] })[],
): AbortSignal {
  // Of one that is made of others itself: whoever listens to that one is told before.
  const all = signals.flatMap((signal) => signal[sources] ?? signal);
  const first = new AbortController();
  const onAbort = () => {
    for (const signal of all) signal.removeEventListener("abort", onAbort);
    first.abort(all.find(({ aborted }) => aborted)?.reason);
  };
  if (all.some(({ aborted }) => aborted)) onAbort();
  else for (const signal of all) signal.addEventListener("abort", onAbort);
  return Object.assign(first.signal, { [sources]: all });
}
