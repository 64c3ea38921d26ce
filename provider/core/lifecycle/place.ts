import { addressesOf, overlap } from "../connection/identity.ts";
import { advice } from "../data/advice.ts";
import { ClusteropsError, InputError } from "../data/errors.ts";
import { containsUnknown } from "../data/unknown.ts";
import type { Context } from "../work/context.ts";
import { beforeKey } from "./intent.ts";
import type { InstallationRecord, Recorded } from "./memory.ts";
import { resolvedIn } from "./resolved.ts";
import type { Properties, Spec } from "./resource.ts";

/*
 * On which installation a resource stands. A connection is only a way in: another name, spelling or endpoint of the same installation
 * changes nothing, and a name that now leads elsewhere means another object. It is another where no address of what is recorded is among
 * those that are configured now: a move keeps an old endpoint for one `up`.
 */

type Endpoints = InstallationRecord["endpoints"];

/** Where each of the inputs' connections leads. Undefined: it is not configured. */
function leads(spec: Spec, context: Context, inputs: Properties): [string, string[] | undefined][] {
  return spec.connections(inputs).map(([property, reference]) => {
    try {
      return [property, resolvedIn(context, spec.system, reference, property).given];
    } catch {
      // What is wrong with a connection is said where it is used.
      return [property, undefined];
    }
  });
}

/** What is wrong with a connection that is there: one that is missing is refused under the input itself. */
function wrongIn(spec: Spec, context: Context, inputs: Properties): InputError | undefined {
  for (const [property, reference] of spec.connections(inputs)) {
    try {
      resolvedIn(context, spec.system, reference, property);
    } catch (error) {
      if (error instanceof InputError && error.property !== property) return error;
    }
  }
  return undefined;
}

/** Where the inputs' connections lead. Undefined: not known yet, or not all of them are named and configured. */
function endpointsIn(spec: Spec, context: Context, inputs: Properties): Endpoints | undefined {
  if (containsUnknown({ ...inputs, triggers: undefined, [beforeKey]: undefined })) return undefined;
  try {
    const all = leads(spec, context, inputs);
    return all.every(([, given]) => given) ? (Object.fromEntries(all) as Endpoints) : undefined;
  } catch {
    // What is on record may lack the input that names them.
    return undefined;
  }
}

/** Where a resource stood when it was recorded, and where its inputs lead now. Undefined: not known yet, or not configured. */
export interface Places {
  /** As recorded or, in what 0.1.0 recorded, where its inputs lead by today's configuration. */
  were?: Endpoints;
  are?: Endpoints;
  /**
   * The inputs, by their first names, whose connection leads to another installation than recorded. Of a state resource with several
   * connections all have to: a node that is exchanged leaves the rest where it was.
   */
  moved: string[];
}

/** Looked up once per operation: each connection costs a look into configuration. */
export function placesOf(
  spec: Spec,
  context: Context,
  recorded: Recorded | undefined,
  inputs: Properties,
): Places {
  const are = endpointsIn(spec, context, inputs);
  if (!recorded) return { are, moved: [] };
  const were = recorded.memory?.installation?.endpoints ?? endpointsIn(spec, context, recorded.outputs);
  return { were, are, moved: were && are ? movedInputs(spec, were, are) : [] };
}

function movedInputs(spec: Spec, were: Endpoints, are: Endpoints): string[] {
  if (spec.kind === "state") {
    const [all, now] = [Object.values(were).flat(), Object.values(are).flat()];
    return meet(all, now) ? [] : [firstName(Object.keys(are)[0] ?? "connection")];
  }
  const moved = Object.keys(are).filter((property) => {
    const before = were[property];
    return before !== undefined && !meet(before, are[property] ?? []);
  });
  return [...new Set(moved.map(firstName))];
}

/** Whether there are addresses by which what is recorded could not be found again after the next move. */
export function knowsMore({ are }: Places, { memory }: Recorded): boolean {
  if (!are || !memory?.installation) return false;
  const known = addressesOf(Object.values(memory.installation.endpoints).flat());
  return addressesOf(Object.values(are).flat()).some((one) => !known.includes(one));
}

/**
 * The recorded inputs with a connection that leads to where it stands: theirs or, where that now leads elsewhere, another one that is
 * configured.
 *
 * @throws ClusteropsError where none leads there any more
 */
export function standing(spec: Spec, context: Context, recorded: Recorded, purpose: string): Properties {
  const { outputs } = recorded;
  const were = recorded.memory?.installation?.endpoints;
  if (!were) return outputs;
  const all = Object.values(were).flat();
  const own = leads(spec, context, outputs).flatMap(([, given]) => given ?? []);
  if (meet(all, own)) return outputs;
  const other = context.session?.findConnection(spec.system, addressesOf(all), context.config);
  if (other !== undefined && "connection" in were) return { ...outputs, connection: other };
  const broken = wrongIn(spec, context, outputs);
  if (broken)
    throw new ClusteropsError(
      `${broken.property}: ${broken.message}: ${purpose}. Nothing was sent: it stands on ${all.join(", ")}`,
      { cause: broken },
    );
  // What costs nothing comes first: with it dropped from the state, nobody would remember what is left there.
  const add = "add a connection with one of these endpoints, or";
  const remedy =
    own.length > 0
      ? `If the endpoint of its connection, now ${own.join(", ")}, is a mistake, correct it; otherwise ${add}`
      : `A${add.slice(1)}`;
  throw new ClusteropsError(
    `it stands on ${all.join(", ")}, and no configured connection leads there any more: ${purpose}. Nothing was sent. ${remedy} ${advice.forget}`,
  );
}

function meet(some: readonly string[], others: readonly string[]): boolean {
  return overlap(addressesOf(some), addressesOf(others));
}

/** `clusters.east` and `nodes[0]` are parts of one input. */
function firstName(property: string): string {
  return property.replace(/[.[].*$/, "");
}
