import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { basename } from "node:path";

/*
 * Whether the user was shown a preview of the operation that goes on. The engine tells its providers neither that there was one
 * nor what came of it: preview and update are two processes. What tells it is the command line that started both.
 */

/** How far up the CLI is looked for: the host's parent is a shell script, and that one's the CLI. */
const generations = 4;

/** True for `pulumi up` that showed its preview; undefined where it cannot be told. */
export function seenPreview(pid: number = process.ppid): boolean | undefined {
  try {
    for (let at = pid, up = 0; at > 1 && up < generations; up++) {
      const { parent, words } = describe(at);
      if (/^pulumi(\.exe)?$/.test(basename(words[0] ?? ""))) return showsPreview(words.slice(1), process.env);
      at = parent;
    }
  } catch {
    // No such process any more, or no way to ask here.
  }
  return undefined;
}

/** Short flags that take a value, which may stand in the same word or in the next (`pulumi up --help`). */
const withValue = "sCcmpt";
/** Long flags before which a word may stand that is no command. */
const longWithValue =
  /^--(stack|cwd|config|config-file|color|message|parallel|target|plan|policy-pack|profiling|tracing|otel-traces|verbose|env)$/;

/** Whether this command line of the CLI shows a preview and then does what it showed. */
export function showsPreview(words: readonly string[], env: NodeJS.ProcessEnv): boolean {
  let command: string | undefined;
  let isSkipped = /^(1|t|true|yes)$/i.test(env.PULUMI_OPTION_SKIP_PREVIEW ?? "");
  for (let index = 0; index < words.length; index++) {
    const word = words[index] ?? "";
    if (!word.startsWith("-")) command ??= word;
    else if (word.startsWith("--")) {
      if (/^--skip-preview(=(1|t|true))?$/i.test(word)) isSkipped = true;
      if (longWithValue.test(word)) index++;
    } else {
      const letters = [...word.slice(1)];
      const value = letters.findIndex((letter) => withValue.includes(letter));
      if ((value < 0 ? letters : letters.slice(0, value)).includes("f")) isSkipped = true;
      if (value === letters.length - 1) index++;
    }
  }
  return (command === "up" || command === "update") && !isSkipped;
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
