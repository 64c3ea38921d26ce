import { connectionsKey, containsUnknown } from "../../provider/index.ts";
import type { RawObject } from "./codec.ts";
import { schema } from "./schema.ts";
import { propertiesOf } from "./values.ts";

/** The provider's block. */
export class Configuration {
  #connections: unknown;

  configure(config: RawObject | null): void {
    this.#connections = config ? propertiesOf(schema.provider, config).connections : undefined;
  }

  /** False while a part of it comes from a resource that is still to be made: then nothing can be looked up. */
  get isKnown(): boolean {
    return !containsUnknown(this.#connections);
  }

  /** What the lifecycle knows as the stack's configuration. */
  readonly get = (key: string): string | undefined =>
    key === connectionsKey && this.#connections !== undefined && this.isKnown
      ? JSON.stringify(this.#connections)
      : undefined;
}
