import { clock } from "../core/data/clock.ts";
import { interval } from "../core/work/wait.ts";

/** At 2 s a switch is to be noticed 0.12 s after its end, in the mean: half of this. */
const shortest = 240;

/**
 * Milliseconds from one look to the next while a call takes effect. A federation changes at once, or it takes a while: the look that
 * follows the answer is soon followed by few, and later ones close in. So 1.5 s cost five looks.
 */
export function paceOfSwitch(): () => number {
  const began = clock.elapsed();
  return () => {
    const waited = clock.elapsed() - began;
    const early = Math.max(shortest, 620 - 0.3 * waited) * (0.95 + 0.1 * clock.random());
    return Math.max(early, interval(waited, clock.random()));
  };
}
