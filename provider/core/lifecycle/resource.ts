import type { Connection, System } from "../connection/settings.ts";
import type { Failure } from "../data/inputs.ts";
import type { Scope } from "../work/scope.ts";

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
}

/** Plain data of one resource, inputs and outputs alike. */
export type Properties = Record<string, unknown>;

/** What the lifecycle needs to know of a resource, whatever its kind. */
export interface Spec {
  system: System;
  /** The class name, e.g. `NodeMaintenance`; its inputs are the interface `NodeMaintenanceInputs`. */
  type: string;
  /** Default of the `timeout` input. */
  timeout: string;
  /** Inputs whose change means another object: the old one is deleted before the new one is made. */
  replaceOn: readonly string[];
  id(inputs: Properties): string;
  /** What errors are about, e.g. `redis node 2`. */
  subject(inputs: Properties): string;
  /** Inputs that name installations, with what they name. */
  connections(inputs: Properties): [property: string, reference: string | Connection | undefined][];
  validate(inputs: Properties): Failure[];
  preflight(scope: Scope, inputs: Properties, previous: Properties | undefined): Promise<Forecast>;
  /**
   * What the next operation does with what an earlier one left unfinished, where a preview has to say more than that it is taken up.
   * Reads nothing: a preview of what has not changed sends no request.
   */
  foresee?(recorded: Properties, inputs: Properties): string | undefined;
  /** Makes it so and answers with the outputs. `previous` are the recorded outputs, also of an unfinished attempt. */
  apply(scope: Scope, inputs: Properties, previous: Properties | undefined): Promise<Properties>;
  /** The recorded outputs brought up to date (inputs among them, so that drift shows), or undefined when it is gone. */
  read(scope: Scope, recorded: Properties): Promise<Properties | undefined>;
  remove(scope: Scope, recorded: Properties): Promise<void>;
}

/** Where an unfinished attempt's handle is recorded. Keys with two underscores stay out of the CLI's display. */
export const unfinishedKey = "__unfinished";

/** The handle that an earlier, unfinished attempt left. */
export function handleOf(recorded: Properties | undefined): Record<string, unknown> | undefined {
  return recorded?.[unfinishedKey] as Record<string, unknown> | undefined;
}

/** A resource that exists while something is so. `I` inputs, `O` outputs beside the inputs, `S` the observed state. */
export interface StateResource<I extends CommonInputs, O extends object, S> {
  system: System;
  type: string;
  timeout: string;
  replaceOn?: (keyof I & string)[];
  id(inputs: I): string;
  /** What errors are about, e.g. `redis node 2`. */
  subject(inputs: I): string;
  /** Default: the one that `connection` means. */
  connections?(inputs: I): [property: string, reference: string | Connection | undefined][];
  /** What a schema cannot say. */
  validate?(inputs: I): Failure[];
  /** The live state, or undefined when the thing does not exist. Reads only. Only a typed not-found may count as such. */
  observe(scope: Scope, inputs: I, recorded: Partial<I & O> | undefined): Promise<S | undefined>;
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
  preflight?(scope: Scope, inputs: I, recorded: Partial<I & O> | undefined): Promise<Forecast>;
  /** What the next operation does with the handle of an unfinished one, where that is a risk; for previews. Reads nothing. */
  foresee?(handle: Record<string, unknown>, inputs: I): string | undefined;
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
    timeout,
    replaceOn: resource.replaceOn ?? [],
    id: (inputs) => resource.id(as<I>(inputs)),
    subject: (inputs) => resource.subject(as<I>(inputs)),
    connections: (inputs) =>
      resource.connections?.(as<I>(inputs)) ?? [["connection", as<I>(inputs).connection]],
    validate: (inputs) => resource.validate?.(as<I>(inputs)) ?? [],
    preflight: async (scope, inputs, previous) =>
      (await resource.preflight?.(scope, as<I>(inputs), as<Partial<I & O> | undefined>(previous))) ?? {},
    foresee: (previous, inputs) => resource.foresee?.(handleOf(previous) ?? {}, as<I>(inputs)),
    async apply(scope, properties, previous) {
      const inputs = as<I>(properties);
      const recorded = as<Partial<I & O> | undefined>(previous);
      const observed = await observe(scope, inputs, recorded);
      const reached = await resource.converge(scope, inputs, observed, recorded);
      return { ...resource.outputs(reached, inputs, recorded) } as Properties;
    },
    async read(scope, properties) {
      const inputs = as<I>(properties);
      const observed = await observe(scope, inputs, as<Partial<I & O>>(properties));
      if (observed === undefined || !(resource.exists?.(observed, inputs) ?? true)) return undefined;
      return {
        ...resource.outputs(observed, inputs, as<Partial<I & O>>(properties)),
        ...resource.drift?.(observed, inputs),
        ...(resource.settles?.(observed) && { [unfinishedKey]: undefined }),
      };
    },
    async remove(scope, properties) {
      await resource.remove?.(scope, as<I>(properties), as<Partial<I & O>>(properties));
    },
  };
}
