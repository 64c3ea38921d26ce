import { clock } from "./clock.ts";
/** At most one message a second, the same one never twice in a row: consoles and engines are no place for a stream. */
export function throttled(show: (message: string) => void, minimum = 1_000): (message: string) => void {
  let shownAt = Number.NEGATIVE_INFINITY;
  let shown = "";
  return (message) => {
    const now = clock.elapsed();
    if (message === shown || now - shownAt < minimum) return;
    [shownAt, shown] = [now, message];
    show(message);
  };
}
