import { basename } from "node:path";
import { ancestors } from "../shared/processes.ts";

/** The command line of the Terraform that started this process. */
export interface TerraformLine {
  /** `terraform` or `tofu`. */
  program: string;
  /** What stands behind the program. */
  words: string[];
}

/** Undefined where it cannot be told. */
export function programOf(pid: number): TerraformLine | undefined {
  for (const { words } of ancestors(pid)) {
    const program = basename(words[0] ?? "").replace(/\.exe$/, "");
    if (/^(terraform|tofu)$/.test(program)) return { program, words: words.slice(1) };
  }
  return undefined;
}

/** Flags whose value may be the next word. */
const withValue =
  /^--?(var|var-file|(target|exclude)(-file)?|replace|parallelism|state|state-out|backup|lock-timeout|json-into|filter)$/;

/** How what an apply carries out came about. */
export interface Apply {
  /** Whether it carries out a plan that was saved before. */
  isSavedPlan: boolean;
  /** Whether somebody was shown it: Terraform asks before it goes on, and a saved plan is there to be read. */
  wasShown: boolean;
}

/** @param env flags may also stand in variables (`TF_CLI_ARGS`, `TF_CLI_ARGS_apply`) */
export function applyOf(words: readonly string[], env: NodeJS.ProcessEnv): Apply {
  const own = words.filter((word, at) => word !== "" && !withValue.test(words[at - 1] ?? ""));
  const [command = "", ...operands] = own.filter((word) => !word.startsWith("-"));
  const more = [env.TF_CLI_ARGS, env[`TF_CLI_ARGS_${command}`]].join(" ").split(/\s+/);
  const isApproved = [...own, ...more].some((word) => /^--?auto-approve(=(1|t|true))?$/i.test(word));
  const isSavedPlan = command === "apply" && operands.length > 0;
  // `terraform test` plans and applies at one go.
  const isAsked = command !== "test" && !isApproved;
  return { isSavedPlan, wasShown: isSavedPlan || isAsked };
}
