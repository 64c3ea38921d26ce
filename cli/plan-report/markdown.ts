import { oneLine } from "../../provider/core/data/one-line.ts";

/** Longer texts are cut: hosts of pull requests take so much and no more. */
const longest = 2_000;

/**
 * A text that may come from anywhere, as code: there nothing of it is Markdown, HTML, a mention or a link, whatever is in it.
 */
export function code(text: string): string {
  const line = cut(oneLine(text)).trim();
  if (line === "") return "` `";
  const longestRun = Math.max(0, ...[...line.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = "`".repeat(longestRun + 1);
  // A backtick at either end would be taken for the fence.
  return longestRun > 0 ? `${fence} ${line} ${fence}` : `${fence}${line}${fence}`;
}

function cut(text: string): string {
  return text.length > longest ? `${text.slice(0, longest)}…` : text;
}

/** A list; of many entries the first ones, and how many there are more. */
export function list(entries: readonly string[], most: number): string[] {
  const shown = entries.slice(0, most).map((entry) => `- ${entry}`);
  const left = entries.length - shown.length;
  return left > 0 ? [...shown, `- and ${left} more`] : shown;
}
