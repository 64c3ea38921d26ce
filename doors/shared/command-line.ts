import { basename } from "node:path";
import { ancestors, linkOf } from "./processes.ts";

/*
 * What the user asked the CLI for. The engine tells its providers neither whether there was a preview (preview and update are two
 * processes) nor how the output is shown. What tells it is the command line that started both.
 */

/** A command line of the Pulumi CLI. */
export interface CommandLine {
  /** E.g. `up`. */
  command: string | undefined;
  /** Whether this long flag is on, e.g. `skip-preview`, however it was written. */
  has(flag: string): boolean;
  /** What a long flag was given, as often as it was, e.g. `exclude`. */
  values(flag: string): string[];
  /** Whether its output goes to a terminal; undefined where that cannot be told. */
  isOnTerminal?: boolean;
  /** The CLI itself, to be asked something else. */
  program?: string;
  /** Its process. */
  pid?: number;
  /** The folder that it works in; undefined where that cannot be told. */
  folder?: string;
}

/** The command line of the CLI that started this process; undefined where it cannot be told. */
export function commandLine(pid: number = process.ppid): CommandLine | undefined {
  for (const { at, words } of ancestors(pid))
    if (/^pulumi(\.exe)?$/.test(basename(words[0] ?? "")))
      return {
        ...parse(words.slice(1), process.env),
        isOnTerminal: writesToTerminal(at),
        program: linkOf(at, "exe") ?? words[0],
        pid: at,
        folder: linkOf(at, "cwd"),
      };
  return undefined;
}

/** Whether what it does was shown in a preview that the user saw, and goes on after it. */
export function showsPreview({ command, has }: CommandLine): boolean {
  return (command === "up" || command === "update") && !has("skip-preview");
}

/** Short flags that take a value, which may stand in the same word or in the next (`pulumi up --help`). */
const withValue = "sCcmptvxo";
/** Long flags before which a word may stand that is no command. */
const longWithValue =
  /^--(stack|cwd|config|config-file|color|message|parallel|target|plan|exclude|replace|target-replace|policy-pack|profiling|tracing|otel-traces|verbose|memprofilerate|env)$/;
/** Short flags of those that are asked for here. */
const short: Record<string, string> = { f: "skip-preview", j: "json" };
/** The same for those that take a value. */
const shortWithValue: Record<string, string> = { s: "stack", C: "cwd", t: "target", x: "exclude" };

/** Reads the words after `pulumi`. */
export function parse(words: readonly string[], env: NodeJS.ProcessEnv): CommandLine {
  let command: string | undefined;
  const flags = new Map<string, boolean>();
  const given: [flag: string, value: string][] = [];
  for (let index = 0; index < words.length; index++) {
    const word = words[index] ?? "";
    if (!word.startsWith("-")) command ??= word;
    else if (word.startsWith("--")) {
      const [, name = "", value] = /^--([^=]+)(?:=(.*))?$/s.exec(word) ?? [];
      flags.set(name, value === undefined || isTrue(value));
      if (longWithValue.test(word)) index++;
      given.push([name, value ?? words[index] ?? ""]);
    } else {
      const letters = [...word.slice(1)];
      const value = letters.findIndex((letter) => withValue.includes(letter));
      for (const letter of value < 0 ? letters : letters.slice(0, value))
        if (short[letter]) flags.set(short[letter], true);
      const name = shortWithValue[letters[value] ?? ""];
      const isNext = value === letters.length - 1;
      if (isNext) index++;
      const text = isNext
        ? words[index]
        : letters
            .slice(value + 1)
            .join("")
            .replace(/^=/, "");
      if (name !== undefined) given.push([name, text ?? ""]);
    }
  }
  const option = (flag: string) => env[`PULUMI_OPTION_${flag.toUpperCase().replaceAll("-", "_")}`] ?? "";
  return {
    command,
    has: (flag) => flags.get(flag) ?? isTrue(option(flag)),
    values: (flag) => given.filter(([name]) => name === flag).map(([, value]) => value),
  };
}

function isTrue(text: string): boolean {
  return /^(1|t|true|yes)$/i.test(text);
}

function writesToTerminal(pid: number): boolean | undefined {
  const output = linkOf(pid, "fd/1");
  return output === undefined ? undefined : /^\/dev\/(pts|tty|console)/.test(output);
}
