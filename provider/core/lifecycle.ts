import { isDeepStrictEqual } from "node:util";
import { resolveConnection } from "./connections.ts";
import { parseDuration } from "./duration.ts";
import {
  Incomplete,
  InputError,
  messageOf,
  Refusal,
  RunFailed,
  reworded,
  StatusError,
  WaitExpired,
} from "./errors.ts";
import { checkShape, type Failure, propertiesOf } from "./inputs.ts";
import { type Properties, type Spec, unfinishedKey } from "./resource.ts";
import { type Context, openScope, type Scope } from "./scope.ts";
import { containsUnknown, isUnknown } from "./unknown.ts";
import { withoutUndefined } from "./values.ts";

/** How one property differs between what is recorded and what is wanted. */
export interface PropertyDiff {
  kind: "add" | "update" | "delete";
  /** The change means another object. */
  replace?: boolean;
}

/** What a door asks of one resource type: plain data in, plain data out. */
export interface Lifecycle {
  /** Completes the inputs with defaults, and says what is wrong with them, or cannot work. Sends nothing that changes anything. */
  check(
    context: Context,
    recordedInputs: Properties | undefined,
    inputs: Properties,
  ): Promise<{ inputs: Properties; failures: Failure[] }>;
  /** By property; empty when there is nothing to do. */
  diff(context: Context, recorded: Properties, inputs: Properties): Promise<Record<string, PropertyDiff>>;
  /** @throws Incomplete when it exists, or runs, but is not ready */
  create(context: Context, inputs: Properties): Promise<{ id: string; outputs: Properties }>;
  /** Undefined when it is gone. */
  read(
    context: Context,
    recorded: Properties,
  ): Promise<{ inputs: Properties; outputs: Properties } | undefined>;
  /** @throws Incomplete as create */
  update(
    context: Context,
    id: string,
    recorded: Properties,
    inputs: Properties,
  ): Promise<{ outputs: Properties }>;
  delete(context: Context, recorded: Properties): Promise<void>;
}

/** Previews give up on an unreachable endpoint sooner than runs do: they only warn. */
const preflightTimeout = "15s";

/** Derives the lifecycle from a spec: once, for all resources and all doors. */
export function lifecycleOf(spec: Spec): Lifecycle {
  const names = propertiesOf(`${spec.type}Inputs`);
  const inputsOf = (properties: Properties): Properties =>
    Object.fromEntries(
      names.filter((name) => properties[name] !== undefined).map((name) => [name, properties[name]]),
    );

  const scopeFor = (context: Context, inputs: Properties, timeout?: string): Scope =>
    openScope(context, spec.system, {
      connection: inputs.connection as string | undefined,
      timeout: timeout ?? (inputs.timeout as string | undefined) ?? spec.timeout,
    });

  /** Runs the spec and, where it fails after something was set going, records that instead of forgetting it. */
  async function settle(
    context: Context,
    id: string,
    inputs: Properties,
    recorded: Properties | undefined,
  ): Promise<Properties> {
    const scope = scopeFor(context, inputs);
    try {
      return withoutUndefined({ ...scope.redact(await spec.apply(scope, inputs, recorded)), ...inputs });
    } catch (error) {
      const failed = error instanceof RunFailed;
      const explained = explain(error, scope, spec.subject(inputs));
      if (!scope.kept && !failed) throw explained;
      const seen = { ...scope.kept?.outputs, ...(failed && error.outputs) };
      const handle = { ...scope.kept?.handle, ...(failed && { failed: error.message }) };
      const outputs = {
        ...recorded,
        ...scope.redact(seen),
        ...inputs,
        [unfinishedKey]: scope.redact(handle),
      };
      throw new Incomplete(id, withoutUndefined(outputs), [explained.message], { cause: error });
    }
  }

  return {
    async check(context, recordedInputs, given) {
      const { value: inputs, failures } = checkShape<Properties>(
        `${spec.type}Inputs`,
        withoutDoorsKeys(given),
      );
      failures.push(...collect(() => checkTimeout(inputs)));
      if (failures.length === 0) failures.push(...collect(() => invalid(spec, context, inputs)));
      if (
        failures.length > 0 ||
        containsUnknown(inputs) ||
        isDeepStrictEqual(recordedInputs && inputsOf(recordedInputs), inputs)
      ) {
        return { inputs, failures };
      }
      return {
        inputs,
        failures: await forecast(context, inputs, recordedInputs && inputsOf(recordedInputs)),
      };
    },

    async diff(_context, recorded, inputs) {
      const changes: Record<string, PropertyDiff> = {};
      for (const name of names) {
        const [before, after] = [recorded[name], inputs[name]];
        if (!isUnknown(after) && !containsUnknown(after) && isDeepStrictEqual(before, after)) continue;
        const kind = before === undefined ? "add" : after === undefined ? "delete" : "update";
        changes[name] = { kind, ...(spec.replaceOn.includes(name) && { replace: true }) };
      }
      // A refresh clears the engine's own mark of an unfinished resource (facts/pulumi.md 8): ours is in the outputs.
      if (recorded[unfinishedKey] !== undefined) changes[unfinishedKey] = { kind: "update" };
      return changes;
    },

    async create(context, inputs) {
      const id = spec.id(inputs);
      return { id, outputs: await settle(context, id, inputs, undefined) };
    },

    async read(context, recorded) {
      const scope = scopeFor(context, recorded);
      const found = await explained(scope, recorded, () => spec.read(scope, recorded));
      if (!found) return undefined;
      const outputs = withoutUndefined({ ...recorded, ...found });
      return { outputs, inputs: inputsOf(outputs) };
    },

    async update(context, id, recorded, inputs) {
      return { outputs: await settle(context, id, inputs, recorded) };
    },

    async delete(context, recorded) {
      const scope = scopeFor(context, recorded);
      await explained(scope, recorded, () => spec.remove(scope, recorded));
    },
  };

  async function explained<T>(scope: Scope, recorded: Properties, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw explain(error, scope, spec.subject(recorded));
    }
  }

  async function forecast(
    context: Context,
    inputs: Properties,
    previous: Properties | undefined,
  ): Promise<Failure[]> {
    const scope = scopeFor(context, inputs, preflightTimeout);
    try {
      const { plan, warnings = [], refusals = [] } = await spec.preflight(scope, inputs, previous);
      if (context.preview !== false) {
        for (const warning of warnings) context.warn(warning);
        if (plan && refusals.length === 0) context.inform(plan);
      }
      return refusals;
    } catch (error) {
      if (error instanceof InputError || error instanceof Refusal)
        return [{ property: error.property, reason: error.message }];
      const reason = explain(error, scope, spec.subject(inputs)).message;
      if (error instanceof StatusError && error.status < 500) return [{ property: "connection", reason }];
      if (context.preview !== false) context.warn(`what would happen could not be looked up: ${reason}`);
      return [];
    }
  }
}

/** Doors may hand in keys of their own, with two underscores; they are not inputs. */
function withoutDoorsKeys(given: Properties): Properties {
  return Object.fromEntries(Object.entries(given).filter(([key]) => !key.startsWith("__")));
}

function checkTimeout({ timeout }: Properties): Failure[] {
  if (typeof timeout === "string" || typeof timeout === "number") parseDuration(timeout, "timeout");
  return [];
}

/** What a schema cannot say: connections, and what the spec itself minds. */
function invalid(spec: Spec, context: Context, inputs: Properties): Failure[] {
  if (containsUnknown(inputs)) return [];
  const failures = spec.validate(inputs);
  if (failures.length > 0) return failures;
  for (const [property, reference] of spec.connections(inputs))
    resolveConnection(spec.system, reference, context.config, property);
  return [];
}

function collect(work: () => Failure[]): Failure[] {
  try {
    return work();
  } catch (error) {
    if (error instanceof InputError) return [{ property: error.property, reason: error.message }];
    throw error;
  }
}

/** The error as users see it: whose it is, without credentials, and with the time-out named when that was the end. */
function explain(error: unknown, scope: Scope, subject: string): Error {
  const message = scope.redact(messageOf(error));
  const struck = scope.deadline.hasPassed() && !(error instanceof WaitExpired);
  const text = struck ? `the timeout of ${scope.deadline.text} ran out: ${message}` : message;
  return reworded(error, text.startsWith(subject) ? text : `${subject}: ${text}`);
}
