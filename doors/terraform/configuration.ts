import { containsUnknown } from "../../provider/index.ts";
import type { RawObject } from "./codec.ts";
import { schema } from "./schema.ts";
import { propertiesOf } from "./values.ts";

/** The provider's block. */
export class Configuration {
  #settings: Record<string, unknown> = {};

  configure(config: RawObject | null): void {
    this.#settings = config ? propertiesOf(schema.provider, config) : {};
  }

  /** False while a part of it comes from a resource that is still to be made: then nothing can be looked up. */
  get isKnown(): boolean {
    return !containsUnknown(this.#settings);
  }

  /** What the lifecycle knows as the stack's configuration. */
  readonly get = (key: string): string | undefined => {
    const value = this.isKnown ? this.#settings[key.replace(/^clusterops:/, "")] : undefined;
    return value === undefined || value === null || typeof value === "string"
      ? (value ?? undefined)
      : JSON.stringify(value);
  };
}
