import type { Way } from "../../../provider/core/work/installation.ts";
import type { Simulator } from "../../../simulators/index.ts";

/** What an installation looks like, as far as it can be read, and simulators that look like it. */
export interface Shape {
  /** In a line, for people. */
  words: string;
  /** What could not be read, and is therefore as a simulator has it. */
  unknown: string[];
  /** Starts it, as it was when it was looked at. */
  start(): Promise<Stand>;
}

/** A simulator that stands for an installation. */
export interface Stand {
  system: string;
  simulator: Simulator;
  /** The simulator's URL for each address. */
  routes: Record<string, string>;
  /** The name that users know one of its endpoints by. Absent: the simulator's own. */
  named?(endpoint: string): string;
}

/** An installation cannot be read: there is nothing that a simulator could look like. */
export class Unreadable extends Error {}

/** Each endpoint of some ways, and the URL that stands for it: the last one for all that there are more. */
export function routesOf(ways: readonly Way[], urls: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    ways.flatMap(({ connection }) =>
      connection.endpoints.map((endpoint, index) => [endpoint, (urls[index] ?? urls.at(-1)) as string]),
    ),
  );
}

/** How long things take in a rehearsal, in milliseconds: long enough to be seen, and not as long as they really take. */
export const durations = { action: 1_500, switch: 700, reload: 700 };

export function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
