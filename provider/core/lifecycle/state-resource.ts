import { isDeepStrictEqual } from "node:util";
import type { Connection, System } from "../connection/settings.ts";
import type { Failure } from "../data/inputs.ts";
import type { Wishes } from "../work/declarations.ts";
import type { Session } from "../work/installation.ts";
import type { Scope } from "../work/scope.ts";
import type { Look } from "./facts.ts";
import {
  type CommonInputs,
  type Forecast,
  handleKey,
  handleOf,
  type Properties,
  type Spec,
} from "./resource.ts";
import type { Switches } from "./switches.ts";

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
  wishes?(inputs: I): Wishes;
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
    wishes: (inputs) => resource.wishes?.(as<I>(inputs)) ?? [],
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
