import { connectionsKey, containsUnknown, guardsKey, overrideKey } from "../../provider/index.ts";
import type { RawObject } from "./codec.ts";
import { schema } from "./schema.ts";
import { type Properties, propertiesOf } from "./values.ts";

/** The provider's block. */
export class Configuration {
  #settings: Properties = {};

  configure(config: RawObject | null): void {
    this.#settings = config ? propertiesOf(schema.provider, config) : {};
  }

  /** False while a part of it comes from a resource that is still to be made: then nothing can be looked up. */
  get isKnown(): boolean {
    return !containsUnknown(this.#settings);
  }

  /** What the lifecycle knows as the stack's configuration. */
  readonly get = (key: string): string | undefined => {
    const { connections, guards, override } = this.#settings;
    const value = { [connectionsKey]: connections, [guardsKey]: guards, [overrideKey]: override }[key];
    if (value === undefined || !this.isKnown) return undefined;
    return typeof value === "string" ? value : JSON.stringify(value);
  };
}
