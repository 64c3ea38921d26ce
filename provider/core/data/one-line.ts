const [esc, bell, end] = ["\u001b", "\u0007", "\u009c"];
/** Escape sequences of terminals (ECMA-48): titles and links, colours and moves of the cursor, and whatever else begins like one. */
const sequences = new RegExp(
  `(?:${esc}\\]|\u009d)[^${bell}${esc}${end}]*(?:${bell}|${esc}\\\\|${end})?|(?:${esc}\\[|\u009b)[0-?]*[ -/]*[@-~]|${esc}[ -/]*[0-~]`,
  "g",
);
/** Breaks of lines and pages, tabs. */
const breaks = /[\t\n\v\f\r\u0085\p{Zl}\p{Zp}]+/gu;
/** Other control characters, and marks that nobody sees: some turn the direction of writing. */
const invisible = /[\p{Cc}\p{Cf}]/gu;

/**
 * A text as one line of a log or a terminal. What a server says could otherwise colour, overwrite or forge the lines around it: CI
 * systems take commands at the beginning of a line.
 */
export function oneLine(text: string): string {
  return text.replace(sequences, "").replace(breaks, " ").replace(invisible, "");
}
