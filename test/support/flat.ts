import {
  type Context,
  type Lifecycle,
  type Memory,
  type PropertyDiff,
  lifecycle as provided,
  type Recorded,
  type Result,
  recordedIn,
  Session,
} from "../../provider/index.ts";

export type Properties = Record<string, unknown>;

/** Thrown where a resource exists, or its job runs, but is not ready: what is to be recorded all the same. */
export class Incomplete extends Error {
  readonly id: string;
  readonly outputs: Properties;
  readonly reasons: string[];

  constructor(id: string, outputs: Properties, reasons: string[]) {
    super(reasons.join("; "));
    this.id = id;
    this.outputs = outputs;
    this.reasons = reasons;
  }
}

/** A lifecycle as an engine with one bag of properties sees it: with memory among the outputs, in the words of version 0.1.0. */
export interface Flat {
  check(
    context: Context,
    recordedInputs: Properties | undefined,
    inputs: Properties,
  ): Promise<{ inputs: Properties; failures: { property: string; reason: string }[] }>;
  diff(context: Context, recorded: Properties, inputs: Properties): Promise<Record<string, PropertyDiff>>;
  /** @throws Incomplete */
  create(context: Context, inputs: Properties): Promise<{ id: string; outputs: Properties }>;
  read(
    context: Context,
    recorded: Properties,
  ): Promise<{ inputs: Properties; outputs: Properties } | undefined>;
  /** @throws Incomplete */
  update(
    context: Context,
    id: string,
    recorded: Properties,
    inputs: Properties,
  ): Promise<{ outputs: Properties }>;
  delete(context: Context, recorded: Properties): Promise<void>;
}

/** The flat lifecycle of a type, e.g. `redis:NodeMaintenance`. */
export function lifecycle(type: string): Flat {
  return flat(provided(type));
}

/** All tests of one process share a session, as all operations of one host do. */
const session = new Session();

export function flat({ check, plan, diff, create, read, update, delete: remove }: Lifecycle): Flat {
  const shared = (context: Context): Context => {
    context.session ??= session;
    return context;
  };
  return {
    async check(context, recordedInputs, given) {
      const { inputs, failures } = check(given);
      if (failures.length > 0) return { inputs, failures };
      return { inputs, failures: await plan(shared(context), recordedInputs, inputs) };
    },
    diff: async (context, recorded, inputs) => diff(shared(context), unflattened(recorded), inputs),
    async create(context, inputs) {
      const result = await create(shared(context), inputs);
      return { id: result.id, outputs: readyOf(result) };
    },
    async read(context, recorded) {
      const found = await read(shared(context), unflattened(recorded));
      return found && { inputs: found.inputs, outputs: flattened(found) };
    },
    async update(context, id, recorded, inputs) {
      return { outputs: readyOf(await update(shared(context), id, unflattened(recorded), inputs)) };
    },
    delete: async (context, recorded) => remove(shared(context), unflattened(recorded)),
  };
}

function readyOf(result: Result): Properties {
  const outputs = flattened(result);
  if (result.outcome !== "ready") throw new Incomplete(result.id, outputs, result.reasons);
  return outputs;
}

function flattened({ outputs, memory }: { outputs: Properties; memory?: Memory }): Properties {
  const { v: _, handle, waits, ...more } = memory ?? ({} as Partial<Memory>);
  return {
    ...outputs,
    ...(handle && { __unfinished: handle }),
    ...(waits && { __waits: waits }),
    // As it would come back out of JSON.
    ...(Object.keys(more).length > 0 && { __more: JSON.parse(JSON.stringify(more)) }),
  };
}

function unflattened({ __more: more, ...rest }: Properties): Recorded {
  const recorded = recordedIn(rest, undefined);
  if (!more) return recorded;
  return { ...recorded, memory: { v: 1, ...recorded.memory, ...(more as Partial<Memory>) } };
}
