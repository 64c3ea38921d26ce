import { clock } from "../data/clock.ts";
import type { Context } from "./context.ts";

/** How long a preview may go on with what it has read, in milliseconds. */
const previewAge = 30_000;
/** And an `up`, in which each resource may change what the next one has to see. */
const upAge = 1_000;

/**
 * A preview changes nothing, so that what it has read holds for all of its resources, however many they are.
 *
 * @param isOfNow from the call of this on only what is read after it counts
 */
export function recallAge({ preview }: Context, isOfNow = false): (maxAge: number) => number {
  const began = clock.elapsed();
  return (maxAge) => {
    if (isOfNow) return clock.elapsed() - began;
    if (preview === undefined) return maxAge;
    return preview ? Math.max(maxAge, previewAge) : Math.min(maxAge, upAge);
  };
}
