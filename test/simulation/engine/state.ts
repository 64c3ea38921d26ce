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
