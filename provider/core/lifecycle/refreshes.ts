import { clock } from "../data/clock.ts";
import type { Context } from "../work/context.ts";

/*
 * A refresh asks each resource what there is. Those of one installation ask the same: one look serves all of them.
 */

/** How old what another resource has read may be, in milliseconds. */
const longest = 2_000;

/** How old it may be for this one: what it has seen itself before is no news to it. */
export function ageOfReads(context: Context): number {
  const { resource } = context;
  if (resource === undefined || !context.session) return 0;
  const last = readings(context).get(resource);
  return last === undefined ? longest : Math.min(longest, clock.elapsed() - last);
}

/** A resource has been read, or has just been brought about: its next refresh looks for something newer. */
export function hasRead(context: Context): void {
  if (context.resource !== undefined && context.session)
    readings(context).set(context.resource, clock.elapsed());
}

function readings({ session }: Context): Map<string, number> {
  return session?.note("when resources were read", () => new Map<string, number>()) ?? new Map();
}
