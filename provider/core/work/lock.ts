import { abortable } from "../data/abort.ts";

const tails = new Map<string, Promise<void>>();

/**
 * Runs `work` while no other holder of the same key does, in order of arrival. All resources of one `up` share one host
 * process (Pulumi starts one for all); other processes are met at the remote system instead (provider/README.md, rule 3).
 *
 * @param signal ends the waiting for the lock with its reason; `work` itself minds its own signal
 */
export async function withLock<T>(key: string, signal: AbortSignal, work: () => Promise<T>): Promise<T> {
  const before = tails.get(key) ?? Promise.resolve();
  const { promise: mine, resolve: release } = Promise.withResolvers<void>();
  const tail = before.then(() => mine);
  tails.set(key, tail);
  try {
    await abortable(before, signal);
    return await work();
  } finally {
    release();
    if (tails.get(key) === tail) tails.delete(key);
  }
}
