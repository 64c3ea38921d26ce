import type { Connection, System } from "../connection/settings.ts";
import type { Failure } from "../data/inputs.ts";
import type { Wishes } from "../work/declarations.ts";
import type { Session } from "../work/installation.ts";
import type { Scope } from "../work/scope.ts";
import type { Look } from "./facts.ts";
import type { Switches } from "./switches.ts";

/** What every resource takes. */
export interface CommonInputs {
  /**
   * Which installation: the name of an entry of `clusterops:connections` in stack config, or the settings themselves.
   * Only a way in: another spelling of the same installation re-runs and replaces nothing.
   * Default: the system's own name.
   */
  connection?: string | Connection;
  /**
   * How long this resource may wait in one operation: "90s", "30m", "1h30m", or seconds. When it runs out, the work is kept
   * and the next `up` resumes it. Default: see the resource.
   */
  timeout?: string | number;
}

/** What is going to happen, for a preview: from reads only. */
export interface Forecast {
  /** In the vendor's words, e.g. `node 2: maintenance_on, 14 shards to migrate`. */
  plan?: string;
  /** What will merely be surprising. */
  warnings?: string[];
  /** What cannot work: reported under its property path, and nothing is sent. */
  refusals?: Failure[];
  /**
   * Whether guards have a say in it. Default: where there is a plan. Not where nothing is sent, or what is sent gives back what was taken
   * away, or heals.
   */
  isGuarded?: boolean;
  /** It cannot begin at this moment, for what the warnings say: the input that it comes from. */
  isBlocked?: string;
}

/** Plain data of one resource, inputs and outputs alike. */
export type Properties = Record<string, unknown>;

/** What the lifecycle needs to know of a resource, whatever its kind. */
export interface Spec {
  system: System;
  /** The class name, e.g. `NodeMaintenance`; its inputs are the interface `NodeMaintenanceInputs`. */
  type: string;
  /** Whether it exists while something is so (`state`), or is one execution of a job (`run`). */
  kind: "state" | "run";
  /** Default of the `timeout` input. */
  timeout: string;
  /** Inputs whose change means another object: the old one is deleted before the new one is made. */
  replaceOn: readonly string[];
  /** Whether each execution counts, so that one on another installation needs a changed `triggers`. */
  isCounted: boolean;
  /** Inputs whose connection is only read from: its guards have no say. */
  onlyRead: readonly string[];
  /** Of what switches a federation from one cluster to the other: guards may ask for some time between two of them. */
  switches?: Switches;
  /** Whether what is left unfinished was begun for what the inputs ask for now: then it is resumed, whatever guards say. */
  isSameIntent(recorded: Properties, inputs: Properties): boolean;
  id(inputs: Properties): string;
  /** The inputs that an id says, for an import. Undefined: it cannot be imported. */
  inputsOf?(id: string): Properties;
  /** What errors are about, e.g. `redis node 2`. */
  subject(inputs: Properties): string;
  /** What no two resources of a program should declare: a delete of what another one declares only forgets. Default: type and id. */
  declares?(inputs: Properties): string;
  /** What it wants whole installations to be, by input, where another resource may want the opposite: e.g. `active`. */
  wishes?(inputs: Properties): Wishes;
  /** Inputs that name installations, with what they name. */
  connections(inputs: Properties): [property: string, reference: string | Connection | undefined][];
  validate(inputs: Properties): Failure[];
  /**
   * What is going to happen, from reads only.
   *
   * @param previous the recorded inputs; undefined: it is to be created
   * @param how `isUpdate`: the operation itself follows, and looks more closely; `before`: what a companion has recorded ahead of a run
   */
  plan(
    scope: Scope,
    inputs: Properties,
    previous: Properties | undefined,
    how: { isUpdate: boolean; before?: unknown },
  ): Promise<Forecast>;
  /** What matters for the decision, for a person to approve. Absent: there is nothing to be read. */
  facts?: Look<Properties>;
  /**
   * What the next operation does with what an earlier one left unfinished, where a preview has to say more than that it is taken up.
   * Reads nothing: a preview of what has not changed sends no request.
   */
  foresee?(recorded: Properties, inputs: Properties, session: Session | undefined): string | undefined;
  /**
   * Makes it so and answers with the outputs.
   *
   * @param previous the recorded outputs, also of an unfinished attempt, with its handle (`handleOf`)
   */
  apply(
    scope: Scope,
    inputs: Properties,
    previous: Properties | undefined,
    how: Attempt,
  ): Promise<Properties>;
  /** Names the record that tells what was there before this run, if there is one: it counts for one attempt. */
  recordOf?(inputs: Properties): string | undefined;
  /** The recorded outputs brought up to date (inputs among them, so that drift shows), or undefined when it is gone. */
  read(scope: Scope, recorded: Properties): Promise<Properties | undefined>;
  /** What a delete of it has to undo, in a few words; undefined: it only forgets. */
  undoes(recorded: Properties): string | undefined;
  remove(scope: Scope, recorded: Properties): Promise<void>;
}

/** How an operation came about. */
export interface Attempt {
  /** The user forces it: what an earlier attempt recorded does not count. */
  isForced?: boolean;
  /** Inputs whose connection now leads to another installation. */
  moved?: readonly string[];
  /** As in `Memory`. */
  usedRecord?: string;
}

/** Where a spec finds the handle that an earlier, unfinished attempt left, beside the recorded outputs. It is kept in memory (memory.ts). */
export const handleKey: unique symbol = Symbol("handle");

/** The handle that an earlier, unfinished attempt left. */
export function handleOf(recorded: object | undefined): Record<string, unknown> | undefined {
  return (recorded as { [handleKey]?: Record<string, unknown> } | undefined)?.[handleKey];
}
