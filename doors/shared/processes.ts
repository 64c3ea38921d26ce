import { execFileSync } from "node:child_process";
import { readFileSync, readlinkSync } from "node:fs";

/** A process that has started this one, directly or not. */
export interface Ancestor {
  at: number;
  /** Its command line. */
  words: string[];
}

/** How far up an engine is looked for: the host's parent is a shell script, and that one's the CLI. */
const generations = 4;

/** From a process upwards, as far as can be told. */
export function ancestors(pid: number): Ancestor[] {
  const found: Ancestor[] = [];
  try {
    for (let at = pid, up = 0; at > 1 && up < generations; up++) {
      const { parent, words } = describe(at);
      found.push({ at, words });
      at = parent;
    }
  } catch {
    // No such process any more, or no way to ask here.
  }
  return found;
}

function describe(pid: number): { parent: number; words: string[] } {
  if (process.platform === "linux") {
    // The name of the program stands in parentheses, and may hold anything.
    const [, rest = ""] = /\)\s+(.*)/s.exec(readFileSync(`/proc/${pid}/stat`, "utf8")) ?? [];
    const words = readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0");
    return { parent: Number(rest.split(" ")[1]), words };
  }
  const text = execFileSync("ps", ["-o", "ppid=,args=", "-p", String(pid)], { encoding: "utf8" }).trim();
  const [parent, ...words] = text.split(/\s+/);
  return { parent: Number(parent), words };
}

/** What a link of the process's folder in /proc leads to, e.g. `cwd`; undefined where that cannot be told. */
export function linkOf(pid: number, name: string): string | undefined {
  try {
    return readlinkSync(`/proc/${pid}/${name}`);
  } catch {
    return undefined;
  }
}
