import type { ConfigSource } from "../connection/configured.ts";
import type { Activity } from "../data/activity.ts";
import type { Words } from "../data/advice.ts";
import type { ShowProgress } from "../data/progress.ts";
import type { Session } from "./installation.ts";

/** What a door hands in with every operation. Doors know nothing of resources, the lifecycle nothing of doors. */
export interface Context {
  /** Stack configuration: `clusterops:connections` as JSON text, secrets in clear. */
  config: ConfigSource;
  /**
   * Configuration as it is now, where `config` may be older, as what an engine has recorded: asked for after a server has refused its
   * credentials. Undefined: it cannot be had.
   */
  latestConfig?(): Promise<ConfigSource | undefined>;
  /** What lives as long as the door's process. Absent: nothing is shared with other operations. */
  session?: Session;
  /** Which resource of the program it is, e.g. its URN: tells one that is renamed from another that declares the same. */
  resource?: string;
  /**
   * What names it to whoever approves a plan: the project and stack, and what the program calls it. Undefined where the door is told no
   * names that stay the same from a plan to its execution.
   */
  planned?: { program: string; resource: string };
  /** True in a preview; undefined where the door cannot tell. */
  preview?: boolean;
  /** Whether this very operation was shown in a preview before, and went on after it; undefined where the door cannot tell. */
  previewed?: boolean;
  /** The user forces it to be done again (`--replace`, taint): what earlier attempts recorded does not count. */
  forced?: boolean;
  /** Why a run that is killed may run twice, where the door knows that: said before the run begins. */
  unrecorded?: string;
  /** How the door says what its users do next. Default: in no door's words. */
  words?: Words;
  /** What is told of the operation. Set by the lifecycle, where somebody wants to be told. */
  activity?: Activity;
  signal: AbortSignal;
  /** The door's own deadline, in seconds: in place of a resource's usual one; one that the user gives it only shortens. */
  timeoutSeconds?: number;
  /** Shows what is going on, in place of what was shown before. */
  progress: ShowProgress;
  /** Shows what the user should know before or beside the result. */
  warn(message: string): void;
  /** Shows what is going to happen. */
  inform(message: string): void;
}
