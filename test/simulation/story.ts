import type { Properties } from "./history.ts";

/*
 * A story is all that a seed decides, as plain data: what there is, what users do, and what goes wrong. It is drawn before it is played, so
 * that it can be made shorter, piece by piece, for as long as it still fails.
 */

export interface Story {
  seed: number;
  systems: SystemChoice[];
  stacks: StackStory[];
  faults: Fault[];
  /** Whether the first `up` of the quiet phase is shown in no preview. */
  isUnseenAtTheEnd?: boolean;
}

/** An installation, and how it behaves where the vendor's pages leave that open. */
export interface SystemChoice {
  system: "redis" | "tcf" | "factfinder" | "aspire";
  options: Properties;
  auth: "none" | "basic" | "token" | "oauth2";
  /** Of its connections, in milliseconds. */
  requestTimeout: number;
}

export interface StackStory {
  name: string;
  program: Declaration[];
  steps: Step[];
  /** Which way the program goes when all is quiet. */
  lastDoor?: Door;
}

/** Ways to the provider: Pulumi's dynamic host, which is the default, or the native plugin. */
export type Door = "dynamic" | "native";

/** A resource of a program. */
export interface Declaration {
  name: string;
  type: string;
  inputs: Properties;
  /** Outputs of other resources among its triggers, e.g. `prune.databaseVersion`. */
  triggersFrom?: string[];
  dependsOn?: string[];
  /** Names that it had before. */
  aliases?: string[];
}

export type Command =
  | "up"
  | "preview"
  | "refresh"
  | "destroy"
  | "state delete"
  | "taint"
  | "restore an older state"
  /** The package was of version 0.1.0 until then. */
  | "upgrade the package";

/** What a user does next. */
export interface Step {
  command: Command;
  door?: Door;
  /** Milliseconds after the one before it. */
  after: number;
  /** What is edited in the program before it. */
  edits: Edit[];
  refresh?: boolean;
  skipPreview?: boolean;
  continueOnError?: boolean;
  skipCheckpoints?: boolean;
  targets?: string[];
  excludes?: string[];
  /** Of `state delete` and `taint`: which resource. */
  name?: string;
}

export type Edit =
  | { edit: "inputs"; name: string; inputs: Properties }
  | { edit: "remove"; name: string }
  | { edit: "add"; declaration: Declaration }
  | { edit: "rename"; name: string; to: string; withAlias: boolean };

/** Where in a request's life, or before the state is written, something may go wrong. */
export type Boundary = "connect" | "send" | "handle" | "answer" | "write";

/** What goes wrong, and when: at the `nth` boundary of that kind in one step of one stack. */
export interface Fault {
  stack: string;
  step: number;
  boundary: Boundary;
  /** Which requests are counted. `action`: reads of one action of Redis Enterprise, by its own path. */
  on: "any" | "mutating" | "read" | "token" | "action";
  nth: number;
  /** How many in a row. */
  times: number;
  what: Trouble;
}

export type Trouble =
  // The network.
  | { kind: "refuse" }
  | { kind: "slow connection"; ms: number }
  | { kind: "lose request" }
  | { kind: "delay request"; ms: number }
  | { kind: "duplicate"; ms: number }
  | { kind: "reset before" }
  | { kind: "reset, lands later"; ms: number }
  /** `retryAt`: Retry-After as a date, so many milliseconds from then. `page`: it says so with a page, not with a line. */
  | {
      kind: "gateway";
      status: number;
      retryAfter?: string;
      retryAt?: number;
      page?: boolean;
      lands?: number;
    }
  | { kind: "hollow 200"; body: string }
  | { kind: "older snapshot" }
  | { kind: "lose answer" }
  | { kind: "delay answer"; ms: number }
  | { kind: "reset answer" }
  | { kind: "truncate" }
  | { kind: "echo"; status: number }
  | { kind: "partition"; ms: number; loses: "requests" | "answers" | "both"; from: "everybody" | "one" }
  // Processes.
  | { kind: "pause"; who: "host" | "engine" | "both"; ms: number }
  | { kind: "kill"; who: "host" | "both" }
  | { kind: "clock jump"; ms: number }
  /** Ctrl-C, once: nothing new is begun, and a plugin is told. */
  | { kind: "interrupt" }
  // The state.
  | { kind: "lose checkpoint" }
  // The system, and others who use it.
  | { kind: "expire tokens" }
  | { kind: "down"; ms: number }
  | { kind: "restart"; loseHistory: boolean }
  | { kind: "act"; system: SystemChoice["system"]; act: string; which: number };
