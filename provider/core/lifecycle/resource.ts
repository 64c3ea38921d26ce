import { isDeepStrictEqual } from "node:util";
import type { Connection, System } from "../connection/settings.ts";
import type { Failure } from "../data/inputs.ts";
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

/** A resource that exists while something is so. `I` inputs, `O` outputs beside the inputs, `S` the observed state. */
export interface StateResource<I extends CommonInputs, O extends object, S> {
  system: System;
  type: string;
  timeout: string;
  replaceOn?: (keyof I & string)[];
  /** See `Spec`. */
  onlyRead?: (keyof I & string)[];
  /** Inputs that say what is to be so: another value asks for something else than what was left unfinished. Default: the id says it. */
  goal?: (keyof I & string)[];
  /** See `Spec`. */
  switches?: Switches;
  id(inputs: I): string;
  /** What errors are about, e.g. `redis node 2`. */
  subject(inputs: I): string;
  /** Default: the one that `connection` means. */
  connections?(inputs: I): [property: string, reference: string | Connection | undefined][];
  /** What a schema cannot say. */
  validate?(inputs: I): Failure[];
  /** The live state, or undefined when the thing does not exist. Reads only. Only a typed not-found may count as such. */
  observe(scope: Scope, inputs: I, recorded: Partial<I & O> | undefined): Promise<S | undefined>;
  /**
   * The same for a refresh, from what all resources of the installation read alike, such as lists: one look then serves them all.
   * Undefined: that says something new, or leaves something open, and `observe` is to look.
   */
  observeShared?(scope: Scope, inputs: I, recorded: Partial<I & O>): Promise<S | undefined>;
  /** Whether the live state is (or, half-done, has begun to be) what the resource stands for. Default: whenever observed. */
  exists?(observed: S, inputs: I): boolean;
  /** Whether the live state ends what an earlier attempt left unfinished: a refresh that sees it forgets the handle. Default: never. */
  settles?(observed: S): boolean;
  /**
   * Makes it so, whatever was observed; starts or joins, waits, verifies, and answers with the state that was verified.
   *
   * @param recorded what the last operation recorded, unfinished or not
   */
  converge(
    scope: Scope,
    inputs: I,
    observed: S | undefined,
    recorded: Partial<I & O> | undefined,
  ): Promise<S>;
  outputs(observed: S, inputs: I, recorded: Partial<I & O> | undefined): O;
  /** The inputs that the live state would have, where they differ: that is how drift shows. */
  drift?(observed: S, inputs: I): Partial<I>;
  /** Undoes it. Absent when there is nothing to undo: deleting then only forgets. */
  remove?(scope: Scope, inputs: I, recorded: Partial<I & O>): Promise<void>;
  /** @param how see `Spec` */
  plan?(
    scope: Scope,
    inputs: I,
    recorded: Partial<I & O> | undefined,
    how: { isUpdate: boolean },
  ): Promise<Forecast>;
  /** See `Spec`. */
  facts?: Look<I>;
  /** The inputs that an id says, for an import. Default: it cannot be imported. */
  inputsOf?(id: string): Partial<I>;
  /** What a delete has to undo, in a few words for a message. Default: `it`, where there is a `remove`. */
  undoes?(recorded: Partial<I & O>): string | undefined;
  /** See `Spec`. */
  declares?(inputs: I): string;
  /** What the next operation does with the handle of an unfinished one, where that is a risk; for previews. Reads nothing. */
  foresee?(handle: Record<string, unknown>, inputs: I, session: Session | undefined): string | undefined;
}

/** Derives from what a state resource is what the lifecycle does with it. */
export function stateResource<I extends CommonInputs, O extends object, S>(
  resource: StateResource<I, O, S>,
): Spec {
  const { system, type, timeout, observe } = resource;
  const as = <T>(properties: Properties | undefined) => properties as unknown as T;
  return {
    system,
    type,
    kind: "state",
    timeout,
    replaceOn: resource.replaceOn ?? [],
    isCounted: false,
    onlyRead: resource.onlyRead ?? [],
    switches: resource.switches,
    isSameIntent: (recorded, inputs) =>
      (resource.goal ?? []).every((name) => isDeepStrictEqual(recorded[name], inputs[name])),
    id: (inputs) => resource.id(as<I>(inputs)),
    subject: (inputs) => resource.subject(as<I>(inputs)),
    connections: (inputs) =>
      resource.connections?.(as<I>(inputs)) ?? [["connection", as<I>(inputs).connection]],
    validate: (inputs) => resource.validate?.(as<I>(inputs)) ?? [],
    inputsOf: resource.inputsOf && ((id) => ({ ...resource.inputsOf?.(id) })),
    declares: resource.declares && ((inputs) => resource.declares?.(as<I>(inputs)) as string),
    undoes: (recorded) =>
      resource.undoes ? resource.undoes(as<Partial<I & O>>(recorded)) : resource.remove && "it",
    plan: async (scope, inputs, previous, how) =>
      (await resource.plan?.(scope, as<I>(inputs), as<Partial<I & O> | undefined>(previous), how)) ?? {},
    facts: resource.facts as unknown as Spec["facts"],
    foresee: (previous, inputs, session) =>
      resource.foresee?.(handleOf(previous) ?? {}, as<I>(inputs), session),
    async apply(scope, properties, previous) {
      const inputs = as<I>(properties);
      const recorded = as<Partial<I & O> | undefined>(previous);
      scope.lookAnew();
      const observed = await observe(scope, inputs, recorded);
      const reached = await resource.converge(scope, inputs, observed, recorded);
      return { ...resource.outputs(reached, inputs, recorded) } as Properties;
    },
    async read(scope, properties) {
      const inputs = as<I>(properties);
      const recorded = as<Partial<I & O>>(properties);
      const observed =
        (await resource.observeShared?.(scope, inputs, recorded)) ?? (await observe(scope, inputs, recorded));
      if (observed === undefined || !(resource.exists?.(observed, inputs) ?? true)) return undefined;
      return {
        ...resource.outputs(observed, inputs, recorded),
        ...resource.drift?.(observed, inputs),
        ...(resource.settles?.(observed) && { [handleKey]: undefined }),
      };
    },
    async remove(scope, properties) {
      await resource.remove?.(scope, as<I>(properties), as<Partial<I & O>>(properties));
    },
  };
}
