import { overlap } from "../connection/identity.ts";
import type { Facts } from "../data/approval.ts";
import type { Context } from "../work/context.ts";
import type { Scope } from "../work/scope.ts";
import { resolvedIn } from "./resolved.ts";
import type { Properties, Spec } from "./resource.ts";

/*
 * Where a resource's connections lead. A person approves what is sent to one cluster: configuration may say by then that the same name is
 * another one's, which may look the same.
 */

/** By the input that names it, e.g. `connection` or `clusters.dc-east`. */
export function addressesIn(
  spec: Spec,
  context: Context,
  inputs: Properties,
): [property: string, addresses: readonly string[]][] {
  return spec
    .connections(inputs)
    .map(([property, reference]) => [
      property,
      resolvedIn(context, spec.system, reference, property).addresses,
    ]);
}

/** The same, as a report has it. */
export function destinationsOf(spec: Spec, context: Context, scope: Scope, inputs: Properties): Facts {
  const destinations = addressesIn(spec, context, inputs).map(([property, addresses]) => [
    property,
    scope.redact(addresses.join(separator)),
  ]);
  return Object.fromEntries(destinations);
}

const separator = ", ";

/** One endpoint more or less is the same one. */
export function isSameDestination(one: string, other: string): boolean {
  return one === other || overlap(one.split(separator), other.split(separator));
}
