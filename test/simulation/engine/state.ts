import type { Properties } from "../history.ts";
import type { Door } from "../story.ts";

/** A resource as the engine keeps it. Never changed in place. */
export interface Resource {
  urn: string;
  name: string;
  type: string;
  id: string;
  inputs: Properties;
  outputs: Properties;
  dependsOn: readonly string[];
  /** "Failed to initialize": the next `up` updates it, whatever diff says. A refresh forgets that. */
  isUnready: boolean;
  isTainted: boolean;
}

export type State = readonly Resource[];

/** Where the state of a stack is kept. It has every version that was ever written. */
export class Backend {
  readonly versions: State[] = [[]];

  get state(): State {
    return this.versions.at(-1) as State;
  }

  write(state: State): void {
    this.versions.push(state);
  }
}

export function urnOf(stack: string, type: string, name: string, door: Door = "dynamic"): string {
  return `urn:pulumi:${stack}::simulation::${tokens[door]}${type}::${name}`;
}

const tokens: Record<Door, string> = { dynamic: "pulumi-nodejs:dynamic/clusterops/", native: "clusterops:" };

/** The one that a resource is recorded with: it goes on being its provider where the program does not name it. */
export function doorOf(urn: string): Door {
  return urn.includes(tokens.dynamic) ? "dynamic" : "native";
}

export function typeOf(urn: string): string {
  return /::(?:pulumi-nodejs:dynamic\/clusterops\/|clusterops:)(.*?)::/.exec(urn)?.[1] ?? "";
}

/** What a later version of the package has in inputs that version 0.1.0 did not know, where nobody has set it. */
const later: Record<string, Properties> = { "redis:NodeMaintenance": { demoteNode: false } };

/** The resource as version 0.1.0 would have recorded it: with its memory among the outputs, and without what it did not keep. */
export function asOf010(resource: Resource): Resource {
  // It had no plugin.
  if (doorOf(resource.urn) === "native") return resource;
  const { __memory: memory, ...outputs } = resource.outputs;
  const { handle, waits } = (memory ?? {}) as { handle?: unknown; waits?: unknown };
  const without = (properties: Properties) =>
    Object.fromEntries(
      Object.entries(properties).filter(
        ([key, value]) => later[resource.type]?.[key] !== value || value === undefined,
      ),
    );
  return {
    ...resource,
    inputs: without(resource.inputs),
    outputs: {
      ...without(outputs),
      ...(handle !== undefined && { __unfinished: handle }),
      ...(waits !== undefined && { __waits: waits }),
    },
  };
}
