import { closeSync, openSync } from "node:fs";
import { throttled } from "../../provider/index.ts";
import type { CommandLine } from "./command-line.ts";
import type { EngineLog } from "./engine-log.ts";
import { nameOf } from "./urn.ts";

/**
 * What is said of one resource in one operation.
 *
 * Without a terminal the row is printed at each of its events, with what was said last.
 */
export interface Messages {
  warn(message: string): void;
  inform(message: string): void;
  /** @param options `step`: another step than before begins: it is always shown. Default: where the message begins in another way */
  progress(message: string, options?: { step?: boolean }): void;
  /** Blanks what the row shows, and settles when the engine has it. */
  clear(): Promise<void>;
}

/** Without a terminal each message becomes a line of its own, for good. */
const unwatchedPause = 30_000;

/**
 * All that one host says. What stays in the output is said once of each resource, however often the engine asks: of one that is to
 * be replaced it asks twice.
 *
 * @param line of the CLI, where it can be told
 * @returns the messages of a resource. `isUnderWay`: its row shows the operation already. In a preview it is not printed again then, and
 *   otherwise when `clear` has come
 */
export function openMessages(
  log: Omit<EngineLog, "delivered">,
  line: CommandLine | undefined,
): (urn: string, isUnderWay?: boolean) => Messages {
  const said = new Set<string>();
  const isFirst = (message: string, urn: string) =>
    !said.has(`${urn} ${message}`) && !!said.add(`${urn} ${message}`);
  const isDiff = line?.has("diff");
  const isShown = isWatched(line);
  // The display of --diff prints messages as they come, and says nowhere whose they are.
  const named = (message: string, urn: string) =>
    urn !== "" && isDiff !== false ? `${nameOf(urn)}: ${message}` : message;
  return (urn, isUnderWay = false) => {
    let hasShown = false;
    const show = (message: string) => {
      hasShown = true;
      void log.progress(named(message, urn), urn);
    };
    return {
      warn(message) {
        if (!isFirst(message, urn)) return;
        void log.warn(named(message, urn), urn);
        if (isShown || isDiff) return;
        if (isUnderWay) hasShown = true;
        else void log.progress("", urn);
      },
      inform(message) {
        if (!isFirst(message, urn)) return;
        // The row shows the first line, which is empty: without a terminal it is printed several times, and Diagnostics has the whole.
        const first = isShown || isDiff || line?.has("json") ? "" : "\n";
        void log.inform(first + named(message, urn), urn);
      },
      progress: isShown ? throttled(show, 0) : stepwise(show),
      async clear() {
        if (hasShown && !isDiff) await log.progress("", urn);
      },
    };
  };
}

/** Shows each change of step, and within one step a message now and then. */
function stepwise(show: (message: string) => void): Messages["progress"] {
  let current: string | undefined;
  let say = show;
  return (message, { step = false } = {}) => {
    if (step || current === undefined || !isSameStep(message, current)) {
      current = message;
      say = throttled(show, unwatchedPause);
    }
    say(message);
  };
}

/** Two messages of one step begin alike, and then say how far it is. */
function isSameStep(one: string, other: string): boolean {
  const [a, b] = [one, other].map((text) => text.replace(/\d+/g, "0").split(/[\s,]+/)) as [
    string[],
    string[],
  ];
  const count = Math.min(a.length, b.length, 3);
  return a.slice(0, count).join(" ") === b.slice(0, count).join(" ");
}

/** Whether somebody may be watching lines that replace each other: CI systems say so, and the CLI's own output is not always visible from here. */
function isWatched(line: CommandLine | undefined): boolean {
  if (process.env.CI || line?.isOnTerminal === false) return false;
  if (["diff", "json", "non-interactive"].some((flag) => line?.has(flag))) return false;
  try {
    closeSync(openSync("/dev/tty", "r"));
    return true;
  } catch {
    return process.platform === "win32";
  }
}
