import { setTimeout } from "node:timers/promises";

/** Waits, or throws the signal's own reason at once when it is aborted. No timer outlives an abort. */
export async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  try {
    await setTimeout(Math.max(0, milliseconds), undefined, { signal });
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  }
}
