import { clock } from "../data/clock.ts";

/** Waits for something that must not hold anybody up. @returns whether it has settled in time */
export async function within(milliseconds: number, work: Promise<unknown>): Promise<boolean> {
  const late = new AbortController();
  const settled = work.then(
    () => true,
    () => true,
  );
  try {
    return await Promise.race([settled, clock.pause(milliseconds, late.signal).then(() => false)]);
  } finally {
    late.abort(new Error("it has settled"));
  }
}
