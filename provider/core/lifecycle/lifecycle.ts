import { isDeepStrictEqual } from "node:util";
import { clock } from "../data/clock.ts";
import { explained, Incomplete, RunFailed } from "../data/errors.ts";
import { type Failure, propertiesOf, withDefaults } from "../data/inputs.ts";
import { containsUnknown } from "../data/unknown.ts";
import { withoutUndefined } from "../data/values.ts";
import { type Context, openScope, type Scope } from "../work/scope.ts";
import { checkInputs } from "./check.ts";
import { beforeKey } from "./intent.ts";
import { handleOf, type Properties, type Spec, unfinishedKey } from "./resource.ts";
import { recordedTiming, timingOf, withoutTiming } from "./timing.ts";

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

/** Derives the lifecycle from a spec: once, for all resources and all doors. */
export function lifecycleOf(spec: Spec): Lifecycle {
  const names = propertiesOf(`${spec.type}Inputs`);
  const inputsOf = (properties: Properties): Properties =>
    Object.fromEntries(
      names.filter((name) => properties[name] !== undefined).map((name) => [name, properties[name]]),
    );

  /** Inputs as today's defaults complete them, whichever version recorded them. */
  const completed = (properties: Properties): Properties =>
    withDefaults(`${spec.type}Inputs`, inputsOf(properties));

  const withoutInputs = (properties: Properties): Properties =>
    Object.fromEntries(Object.entries(properties).filter(([name]) => !names.includes(name)));
  const scopeFor = (context: Context, inputs: Properties): Scope =>
    openScope(context, spec.system, {
      connection: inputs.connection as string | undefined,
      timeout: (inputs.timeout as string | undefined) ?? spec.timeout,
    });

  /** Runs the spec and, where it fails after something was set going, records that instead of forgetting it. */
  async function settle(
    context: Context,
    id: string,
    inputs: Properties,
    recorded: Properties | undefined,
  ): Promise<Properties> {
    const scope = scopeFor(context, inputs);
    const began = clock.now();
    const unfinished = handleOf(recorded);
    const earlier = unfinished && !("failed" in unfinished) ? recorded : undefined;
    const timing = (isFinished: boolean) => timingOf(began, scope.waits, { earlier, isFinished });
    try {
      const outputs = withoutInputs(scope.redactData(await spec.apply(scope, inputs, recorded), inputs));
      const wasWork = scope.kept !== undefined || earlier !== undefined;
      return withoutUndefined({
        ...outputs,
        ...(wasWork ? timing(true) : recordedTiming(recorded)),
        ...inputs,
      });
    } catch (error) {
      const failed = error instanceof RunFailed;
      const asTold = explained(error, scope, spec.subject(inputs));
      if (!scope.kept && !failed) throw asTold;
      const seen = { ...scope.kept?.outputs, ...(failed && error.outputs) };
      const handle = { ...scope.kept?.handle, ...(failed && { failed: scope.redact(error.message) }) };
      const outputs = {
        ...withoutInputs(withoutTiming({ ...recorded, ...scope.redactData(seen, inputs) })),
        ...timing(failed),
        ...inputs,
        [unfinishedKey]: scope.redactData(handle, inputs),
      };
      throw new Incomplete(id, withoutUndefined(outputs), [asTold.message], { cause: error });
    } finally {
      scope.end();
    }
  }

  return {
    async check(context, recordedInputs, given) {
      const recorded = recordedInputs && completed(recordedInputs);
      const { inputs, failures } = await checkInputs(spec, context, recorded, given);
      const before = given[beforeKey];
      return { inputs: withoutUndefined({ ...inputs, [beforeKey]: before }), failures };
    },

    async diff(context, recorded, inputs) {
      const changes: Record<string, PropertyDiff> = {};
      const [are, shall] = [completed(recorded), completed(inputs)];
      for (const name of names) {
        const [before, after] = [are[name], shall[name]];
        if (!containsUnknown(after) && isDeepStrictEqual(before, after)) continue;
        const kind = before === undefined ? "add" : after === undefined ? "delete" : "update";
        changes[name] = { kind, ...(spec.replaceOn.includes(name) && { replace: true }) };
      }
      // A refresh clears the engine's own mark of an unfinished resource (measured): ours is in the outputs.
      const unfinished = handleOf(recorded);
      if (unfinished) changes[unfinishedKey] = { kind: "update" };
      // Nothing else in a preview would say why there is an update without a difference.
      if (unfinished && context.preview) {
        const risk = spec.foresee?.(recorded, inputs);
        const usual =
          "failed" in unfinished ? "failed last time; will retry" : "not finished last time; will be resumed";
        (risk ? context.warn : context.inform)(`${spec.subject(recorded)}: ${risk ?? usual}`);
      }
      return changes;
    },

    async create(context, inputs) {
      const id = spec.id(inputs);
      return { id, outputs: await settle(context, id, inputs, undefined) };
    },

    async read(context, recorded) {
      const scope = scopeFor(context, recorded);
      const found = await telling(scope, recorded, () => spec.read(scope, recorded));
      if (!found) return undefined;
      const seen = scope.redactData(withoutInputs(found), recorded);
      const outputs = withoutUndefined({ ...recorded, ...seen, ...inputsOf(found) });
      return { outputs, inputs: inputsOf(outputs) };
    },

    async update(context, id, recorded, inputs) {
      return { outputs: await settle(context, id, inputs, recorded) };
    },

    async delete(context, recorded) {
      const scope = scopeFor(context, recorded);
      await telling(scope, recorded, () => spec.remove(scope, recorded));
    },
  };

  async function telling<T>(scope: Scope, recorded: Properties, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw explained(error, scope, spec.subject(recorded));
    } finally {
      scope.end();
    }
  }
}
