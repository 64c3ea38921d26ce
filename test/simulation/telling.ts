import type { Violation } from "./checker/checker.ts";
import { describe } from "./nemesis.ts";
import type { Played } from "./play.ts";

/** A played story as a person reads it: what there is, who did what when, and what is wrong with that. */
export function told(played: Played, violations: readonly Violation[]): string {
  const { story, history } = played;
  return [
    ...story.systems.map(({ system, auth, requestTimeout, options }) => {
      return `${system} (auth ${auth}, requestTimeout ${requestTimeout} ms): ${JSON.stringify(options)}`;
    }),
    ...story.stacks.flatMap(({ name, program }) =>
      program.map((it) => `${name} declares ${it.name}: ${it.type} ${JSON.stringify(it.inputs)}`),
    ),
    ...story.faults.map(
      ({ stack, step, boundary, on, nth, times, what }) =>
        `in step ${step} of ${stack}, at ${boundary} of ${on} request ${nth}${times > 1 ? ` and ${times - 1} more` : ""}: ${describe(what)}`,
    ),
    "",
    ...history.lines.filter(isWorthReading),
    "",
    ...violations.map(({ rule, what, at }) => `${(at / 1_000).toFixed(3)}  BROKEN: ${rule}: ${what}`),
  ].join("\n");
}

/** Reads are many, and mostly alike. */
function isWorthReading(line: string): boolean {
  const [, mark = "", rest = ""] = /^\s*[\d.]+ {2}(\S?)(.*)$/.exec(line) ?? [];
  if (mark === ">") return !/ GET /.test(rest);
  if (mark === "<") return !/ (200|404|418)$/.test(rest);
  if (mark === "[") return /create|update|delete/.test(rest);
  if (mark === "]") return /create|update|delete|failed|cut off/.test(rest);
  return true;
}
