import type { Type } from "../../doors/terraform/codec.ts";
import type { Attribute, Nested } from "../../doors/terraform/schema.ts";
import type { JsonSchema } from "../plugin/types.ts";
import { snakeCase, type Text } from "./text.ts";

/** Says types of JSON Schema in Terraform's, which have no unions: where a text is one of the ways, it is the way. */
export class TerraformTypes {
  readonly #definitions: Record<string, JsonSchema>;
  readonly #text: Text;

  constructor(definitions: Record<string, JsonSchema>, text: Text) {
    this.#definitions = definitions;
    this.#text = text;
  }

  /** What users set. */
  inputs({ properties = {}, required = [] }: JsonSchema): Attribute[] {
    return Object.entries(properties).map(([property, schema]) => ({
      ...this.#attribute(property, schema),
      ...(required.includes(property) ? { required: true } : { optional: true }),
      ...(schema.default !== undefined && { computed: true }),
    }));
  }

  /** What users read. */
  outputs({ properties = {} }: JsonSchema): Attribute[] {
    return Object.entries(properties).map(([property, schema]) =>
      computed(this.#attribute(property, schema)),
    );
  }

  #attribute(property: string, schema: JsonSchema): Attribute {
    const { description } = schema;
    const nested = this.#nested(schema);
    return {
      name: snakeCase(property),
      property,
      ...(nested ? { nested } : { type: this.#typeOf(schema) }),
      ...(description !== undefined && { description: this.#text.of(description) }),
      ...(/^Secret\b/.test(description ?? "") && { sensitive: true }),
      ...(isNumeric(schema) && { isNumeric: true }),
    };
  }

  #nested(schema: JsonSchema): Nested | undefined {
    const [mode, inner] =
      schema.type === "array"
        ? (["list", schema.items] as const)
        : schema.type === "object" && typeof schema.additionalProperties === "object"
          ? (["map", schema.additionalProperties] as const)
          : (["single", schema] as const);
    const resolved = this.#resolved(inner);
    return resolved?.properties ? { mode, attributes: this.inputs(resolved) } : undefined;
  }

  #resolved(schema: JsonSchema | undefined): JsonSchema | undefined {
    const name = schema?.$ref && decodeURIComponent(schema.$ref.slice(schema.$ref.lastIndexOf("/") + 1));
    return name === undefined ? schema : this.#definitions[name];
  }

  #typeOf(given: JsonSchema): Type {
    const schema = this.#resolved(given) ?? {};
    const ways = (schema.anyOf ?? []).map((part) => this.#resolved(part)?.type).concat(schema.type);
    if (ways.flat().includes("string") || schema.enum) return "string";
    if (schema.type === "array")
      return isAnything(schema.items) ? "dynamic" : ["list", this.#typeOf(schema.items ?? {})];
    if (schema.type === "object") {
      const { additionalProperties: values } = schema;
      return typeof values === "object" && !isAnything(values) ? ["map", this.#typeOf(values)] : "dynamic";
    }
    const names: Record<string, Type> = { integer: "number", number: "number", boolean: "bool" };
    return names[schema.type as string] ?? "dynamic";
  }
}

/** The same, all the way down, where it is only read. */
export function computed(attribute: Attribute): Attribute {
  const { required: _, optional: _optional, nested, ...rest } = attribute;
  return {
    ...rest,
    computed: true,
    ...(nested && { nested: { ...nested, attributes: nested.attributes.map(computed) } }),
  };
}

function isAnything(schema: JsonSchema | undefined): boolean {
  return schema === undefined || Object.keys(schema).length === 0;
}

function isNumeric({ type }: JsonSchema): boolean {
  return Array.isArray(type) && type.includes("string") && type.includes("number");
}
