import { resolveConnection } from "../connection/resolve.ts";
import type { Connection, ResolvedConnection, System } from "../connection/settings.ts";
import type { Context } from "../work/context.ts";

/** What an input means, by the configuration of a context. Without a context only settings that stand in the input itself mean anything. */
export function resolvedIn(
  context: Context | undefined,
  system: System,
  reference: string | Connection | undefined,
  property: string,
): ResolvedConnection {
  const config = context?.config ?? (() => undefined);
  return context?.session
    ? context.session.resolve(system, reference, config, property)
    : resolveConnection(system, reference, config, property);
}
