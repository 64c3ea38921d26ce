import { clock } from "./clock.ts";

/**
 * Shows what is going on, in place of what was shown before.
 *
 * @param options `step`: it is another step than the one before, not only further: it is shown whatever was shown a moment ago
 */
export type ShowProgress = (message: string, options?: { step?: boolean }) => void;

/** At most one message a second, the same one never twice in a row: consoles and engines are no place for a stream. */
export function throttled(show: ShowProgress, minimum = 1_000): ShowProgress {
  let shownAt = Number.NEGATIVE_INFINITY;
  let shown = "";
  return (message, options) => {
    const now = clock.elapsed();
    if (message === shown || (now - shownAt < minimum && !options?.step)) return;
    [shownAt, shown] = [now, message];
    show(message, options);
  };
}
