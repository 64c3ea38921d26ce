import { formatDuration } from "../../provider/core/data/duration.ts";
import type { Work } from "./work.ts";

const width = 24;

/** A timeline for a terminal: a bar for each piece of work, from the first one's beginning to the last one's end. */
export function timelineLines(works: readonly Work[]): string[] {
  const spans = works.flatMap(({ span }) => span ?? []);
  const from = Math.min(...spans.map((span) => span.from));
  const to = Math.max(...spans.map((span) => span.to), from + 1);
  const column = (time: number) => Math.round(((time - from) / (to - from)) * width);
  const longest = Math.max(...works.map(({ name }) => name.length));
  return works.map(({ name, type, state, reason, span }) => {
    const what = `${name.padEnd(longest)}  ${type}${state === "done" ? "" : `, ${state}: ${reason}`}`;
    if (!span) return `${" ".repeat(width + 9)}${what}`;
    const [begin, end] = [column(span.from), column(span.to)];
    const bar = `${" ".repeat(begin)}${"#".repeat(Math.max(1, end - begin))}`
      .slice(0, width + 1)
      .padEnd(width + 1);
    return `${bar} ${formatDuration(span.to - span.from).padStart(6)}  ${what}`;
  });
}
