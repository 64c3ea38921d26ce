import type { Connection, System } from "../connection/settings.ts";
import { InputError, messageOf, reworded } from "../data/errors.ts";
import { checkShape } from "../data/inputs.ts";
import type { Context } from "../work/context.ts";
import { openScope } from "../work/operation.ts";
import type { Scope } from "../work/scope.ts";

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
  call(scope: Scope, args: A, context: Context): Promise<R>;
}

/** How long a function may take, its repeated reads included. */
const timeout = "2m";

/** Checks the arguments as resources' inputs are checked, then calls. */
export async function invoke<A extends FunctionArgs, R>(
  fn: ReadFunction<A, R>,
  context: Context,
  args: A,
): Promise<R> {
  const { system, name } = fn;
  const { value, failures } = checkShape<A>(`${name[0]?.toUpperCase()}${name.slice(1)}Args`, args);
  const [first] = failures;
  if (first)
    throw new InputError(first.property, `${system.name}.${name}: ${first.property} ${first.reason}`);
  const scope = openScope(context, system, { connection: value.connection, timeout });
  try {
    return await fn.call(scope, value, context);
  } catch (error) {
    throw reworded(error, scope.redact(`${system.name}.${name}: ${messageOf(error)}`));
  } finally {
    scope.end();
  }
}
