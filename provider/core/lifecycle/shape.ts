import { type Failure, propertiesOf, withDefaults } from "../data/inputs.ts";
import type { Context } from "../work/context.ts";
import type { Way } from "../work/installation.ts";
import { openScope } from "../work/operation.ts";
import type { Scope } from "../work/scope.ts";
import type { Recorded } from "./memory.ts";
import { handleKey, type Properties, type Spec } from "./resource.ts";

/** What of a resource's properties is an input. */
export interface Shape {
  names: readonly string[];
  inputsOf(properties: Properties): Properties;
  withoutInputs(properties: Properties): Properties;
  /** Inputs as today's defaults complete them, whichever version recorded them. */
  complete(properties: Properties): Properties;
}

const shapes = new Map<string, Shape>();

export function shapeOf({ type }: Pick<Spec, "type">): Shape {
  const known = shapes.get(type) ?? makeShape(type);
  shapes.set(type, known);
  return known;
}

function makeShape(type: string): Shape {
  const names = propertiesOf(`${type}Inputs`);
  const inputsOf = (properties: Properties): Properties =>
    Object.fromEntries(
      names.filter((name) => properties[name] !== undefined).map((name) => [name, properties[name]]),
    );
  return {
    names,
    inputsOf,
    withoutInputs: (properties) =>
      Object.fromEntries(Object.entries(properties).filter(([name]) => !names.includes(name))),
    complete: (properties) => withDefaults(`${type}Inputs`, inputsOf(properties)),
  };
}

/** The scope of one operation on a resource with these inputs. @param how see `openScope` */
export function scopeFor(
  spec: Spec,
  context: Context,
  inputs: Properties,
  how: { sharesReads?: number } = {},
): Scope {
  return openScope(context, spec.system, {
    ...how,
    connection: inputs.connection as string | undefined,
    timeout: (inputs.timeout as string | undefined) ?? spec.timeout,
    isUsual: inputs.timeout === undefined,
  });
}

/** What a spec sees of a record. */
export function seen({ outputs, memory }: Recorded): Properties {
  return { ...outputs, ...(memory?.handle && { [handleKey]: memory.handle }) };
}

/** What no two resources of a program should declare. */
export function declared(spec: Spec, inputs: Properties): string {
  return spec.declares?.(inputs) ?? `${spec.type} ${spec.id(inputs)}`;
}

/** Tells the installation that a resource of the program declares the object, so that no delete of another one undoes it. */
export function declare(spec: Spec, context: Context, scope: Scope, inputs: Properties): void {
  const { resource } = context;
  if (resource === undefined) return;
  for (const { installation } of waysOf(spec, scope, inputs))
    installation.declarations.declare(declared(spec, inputs), resource);
}

/**
 * Tells the installations what a resource of the program wants them to be. Two that want opposite things would undo each other's work at
 * each update: what another one wants instead is a failure, unless both are as they were recorded.
 */
export function wish(
  spec: Spec,
  context: Context,
  scope: Scope,
  inputs: Properties,
  isNew: boolean,
): Failure[] {
  const { resource } = context;
  if (resource === undefined) return [];
  return (spec.wishes?.(inputs) ?? []).flatMap(([property, reference, state]) => {
    const { declarations } = scope.connect(reference, property).installation;
    const own = { state, isNew, by: resource };
    declarations.wish(own);
    const other = declarations.wishAgainst(own);
    if (!other || !(isNew || other.isNew)) return [];
    const reason = `is to be ${state} here, and ${other.state} by ${nameIn(other.by)}, in the same program: one would undo the other at each update`;
    return [{ property, reason }];
  });
}

/** The name in what tells resources apart. */
export function nameIn(resource: string): string {
  return resource.slice(resource.lastIndexOf("::") + 2);
}

/** The ways to all installations that the inputs name. */
export function waysOf(spec: Spec, scope: Scope, inputs: Properties): Way[] {
  return spec.connections(inputs).map(([property, reference]) => scope.connect(reference, property));
}
