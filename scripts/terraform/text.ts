import { types } from "../../provider/index.ts";
import type { JsonSchema } from "../plugin/types.ts";

/** As Terraform writes names. */
export function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter, at) => `${at > 0 ? "_" : ""}${letter.toLowerCase()}`);
}

/** E.g. `clusterops_redis_node_maintenance` of `redis:NodeMaintenance`. */
export function nameOf(type: string): string {
  const [system = "", name = ""] = type.split(":");
  return `clusterops_${system}_${snakeCase(name)}`;
}

/** The interfaces' texts in the words of Terraform's users. */
export class Text {
  readonly #spelled: Map<string, string>;

  constructor(definitions: Record<string, JsonSchema>) {
    const properties = Object.values(definitions).flatMap((schema) => Object.keys(schema.properties ?? {}));
    this.#spelled = new Map([
      ...properties.map((name) => [name, snakeCase(name)] as const),
      ...types.map((type) => [type.slice(type.indexOf(":") + 1), nameOf(type)] as const),
    ]);
  }

  of(text: string): string {
    return text
      .replace(
        /an entry of `clusterops:connections` in stack config, or the settings themselves/g,
        "an entry of the provider's `connections`",
      )
      .replace(/,? or its settings/g, "")
      .replace(/`clusterops:connections`/g, "`connections` of the provider")
      .replace(/stack config(uration)?/g, "the provider's configuration")
      .replace(/`(?:pulumi )?up`/g, "`terraform apply`")
      .replace(/`([^`]*)`/g, (code) =>
        code
          .replace(/\w+/g, (word) => this.#spelled.get(word) ?? word)
          // `{ wait_for_persistence: true }`, as Terraform writes it.
          .replace(/(?<=^`|[{,] )([a-z]\w*): /g, "$1 = "),
      );
  }
}
