import { readFileSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { decode } from "../decode.ts";
import { timelineLines } from "./lines.ts";
import { timelinePage } from "./page.ts";
import { parseSince } from "./since.ts";
import { workIn, workSince } from "./work.ts";
import { Zone } from "./zone.ts";

export const usage = `Usage: pulumi-clusterops timeline [stack-export.json] [options]

Turns a stack export (pulumi stack export) into one self-contained page: when each piece of work
began, what it waited for, when it ended, what is unfinished, what failed, and why. Reads standard
input and writes to standard output when no file is named:

  pulumi stack export | npx pulumi-clusterops timeline > timeline.html

  -o, --output <file>     where the page is written
  --since <when>          only work that ended later: 90m, 2h, 7d, or 2026-11-26, 2026-11-26T10:00,
                          2026-11-26T10:00:00Z
  --time-zone <name>      of the clock times, and of dates without one: UTC (default), local, or a
                          name such as Europe/Berlin
  -v, --version           the version of this package
  -h, --help              this text
`;

/** @throws Error with a message for whoever typed it */
export function timeline(args: string[], now: number): void {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      output: { type: "string", short: "o" },
      since: { type: "string" },
      "time-zone": { type: "string" },
    },
  });
  if (positionals.length > 1) throw new Error(`one stack export at a time\n\n${usage}`);
  const zone = new Zone(values["time-zone"]);
  const since = values.since === undefined ? undefined : parseSince(values.since, now, zone);
  const { works, ...stack } = workIn(parse(read(positionals[0])));
  const shown = works.filter(({ span, state }) => {
    // What is not finished goes on.
    return since === undefined || state === "unfinished" || (span !== undefined && span.to >= since);
  });
  const page = timelinePage({
    ...stack,
    works: shown,
    zone,
    ...(since !== undefined && { since: { time: since, left: works.length - shown.length } }),
  });
  if (values.output === undefined) process.stdout.write(page);
  else writeFileSync(values.output, page);
}

/** The page of a stack export, and the same for a terminal. @param since only what has happened since, in milliseconds since the epoch */
export function timelineOf(text: string, since?: number): { page: string; lines: string[] } {
  const { works: all, ...stack } = workIn(parse(text));
  const works = since === undefined ? all : workSince(all, since);
  return { page: timelinePage({ ...stack, works, zone: new Zone(undefined) }), lines: timelineLines(works) };
}

function read(file: string | undefined): string {
  if (file === undefined && process.stdin.isTTY)
    throw new Error(
      `there is nothing on standard input: name a file, or pipe pulumi stack export\n\n${usage}`,
    );
  return decode(readFileSync(file ?? 0));
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new Error(`this is not a stack export, which is JSON: run pulumi stack export`, { cause });
  }
}
