import type { Connection, System } from "../connection/settings.ts";
import { InputError, messageOf, reworded } from "../data/errors.ts";
import { checkShape, type Failure } from "../data/inputs.ts";
import { containsUnknown } from "../data/unknown.ts";
import { withoutAnyUserinfo } from "../data/userinfo.ts";
import type { Context } from "../work/context.ts";
import { openScope } from "../work/operation.ts";
import type { Scope } from "../work/scope.ts";
import { inWordsOf } from "./wording.ts";

/** What every function takes. */
export interface FunctionArgs {
  /** Which installation, as with resources. Default: the system's own name. */
  connection?: string | Connection;
}

/** A read of the system, for programs: `A` arguments (the interface `<Name>Args`), `R` result. */
export interface ReadFunction<A extends FunctionArgs, R> {
  system: System;
  /** As users call it, e.g. `getNode`. */
  name: string;
  /** What is wrong with arguments of the right shape. */
  validate?(args: A): Failure[];
  call(scope: Scope, args: A, context: Context): Promise<R>;
}

/** How long a function may take, its repeated reads included. */
const timeout = "2m";

/** What is wrong with the arguments as they stand: no network, no configuration. What is not known yet passes. */
export function judgeArgs<A extends FunctionArgs>(
  { name, validate }: Pick<ReadFunction<A, unknown>, "name" | "validate">,
  args: A,
): { value: A; failures: Failure[] } {
  const { value, failures } = checkShape<A>(`${name[0]?.toUpperCase()}${name.slice(1)}Args`, args);
  const isShaped = failures.length === 0 && !containsUnknown(value);
  return {
    value,
    failures: [...failures, ...((isShaped && validate?.(value)) || [])].map(({ property, reason }) => ({
      property: withoutAnyUserinfo(property),
      reason: withoutAnyUserinfo(reason),
    })),
  };
}

/** Checks the arguments as resources' inputs are checked, then calls. */
export async function invoke<A extends FunctionArgs, R>(
  fn: ReadFunction<A, R>,
  context: Context,
  args: A,
): Promise<R> {
  const { system, name } = fn;
  const { value, failures } = judgeArgs(fn, args);
  const [first] = failures;
  if (first)
    throw new InputError(first.property, `${system.name}.${name}: ${first.property} ${first.reason}`);
  return inWordsOf(context, async (said) => {
    const scope = openScope(said, system, { connection: value.connection, timeout, isOfNow: true });
    try {
      return await fn.call(scope, value, said);
    } catch (error) {
      throw reworded(error, scope.redact(`${system.name}.${name}: ${messageOf(error)}`));
    } finally {
      scope.end();
    }
  });
}
