import { isDeepStrictEqual } from "node:util";

/** As much of a JSON Schema as the generator of the interfaces writes. */
export interface JsonSchema {
  type?: string | string[];
  description?: string;
  default?: unknown;
  const?: unknown;
  enum?: unknown[];
  properties?: Record<string, JsonSchema>;
  required?: string[];
  items?: JsonSchema;
  additionalProperties?: boolean | JsonSchema;
  anyOf?: JsonSchema[];
  $ref?: string;
}

type Spec = Record<string, unknown>;

const any = { $ref: "pulumi.json#/Any" };

/** Says types of JSON Schema in Pulumi's own schema language, which has no nested objects: each gets a name. */
export class PulumiTypes {
  /** All types that were named so far, by token. */
  readonly types: Record<string, Spec> = {};
  readonly #definitions: Record<string, JsonSchema>;

  constructor(definitions: Record<string, JsonSchema>) {
    this.#definitions = definitions;
  }

  /** The properties of an object. */
  properties({ properties = {} }: JsonSchema, name = ""): Record<string, Spec> {
    return Object.fromEntries(
      Object.entries(properties).map(([key, schema]) => [
        key,
        this.property(schema, `${name}${key[0]?.toUpperCase()}${key.slice(1)}`),
      ]),
    );
  }

  property(schema: JsonSchema, name = ""): Spec {
    const { description = "", default: usual } = schema;
    // Told only: a program that sent it by itself would go on with today's default when the provider has another one.
    const told =
      usual === undefined ? description : `${description} Default: ${JSON.stringify(usual)}.`.trim();
    return {
      ...this.#typeOf(schema, name),
      ...(told && { description: told }),
      ...(/^Secret\b/.test(description ?? "") && { secret: true }),
    };
  }

  #typeOf(schema: JsonSchema, name: string): Spec {
    if (schema.$ref !== undefined) return this.#referred(schema.$ref);
    if (schema.anyOf) return this.#oneOf(schema.anyOf.map((part) => this.#typeOf(part, name)));
    if (Array.isArray(schema.type)) return this.#oneOf(schema.type.map((type) => ({ type })));
    if (schema.enum) return this.#enumerated(schema, name);
    if (schema.const !== undefined) return { type: typeof schema.const };
    if (schema.type === "array") return { type: "array", items: this.#inner(schema.items, name) };
    if (schema.properties) return this.#object(schema, name);
    if (schema.type === "object") {
      const values =
        typeof schema.additionalProperties === "object" ? schema.additionalProperties : undefined;
      return { type: "object", additionalProperties: this.#inner(values, name) };
    }
    return schema.type === undefined ? any : { type: schema.type };
  }

  #inner(schema: JsonSchema | undefined, name: string): Spec {
    return schema && Object.keys(schema).length > 0 ? this.#typeOf(schema, name) : any;
  }

  /** A single type is no union; of equal ones one remains. */
  #oneOf(parts: Spec[]): Spec {
    const known = parts.filter(({ type }) => type !== "null");
    const different = [...new Map(known.map((part) => [JSON.stringify(part), part])).values()];
    return different.length === 1 ? (different[0] as Spec) : { oneOf: different };
  }

  #referred(ref: string): Spec {
    const name = decodeURIComponent(ref.slice(ref.lastIndexOf("/") + 1));
    const definition = this.#definitions[name];
    if (!definition) throw new Error(`the schemas do not define ${name}`);
    if (definition.properties) return this.#object(definition, name);
    return definition.enum ? this.#enumerated(definition, name) : this.#typeOf(definition, name);
  }

  #object(schema: JsonSchema, name: string): Spec {
    const token = `clusterops:index:${name}`;
    if (!this.types[token]) {
      // Before its properties, which may be of this very type.
      const type: Spec = { type: "object", description: schema.description };
      this.types[token] = type;
      Object.assign(type, { properties: this.properties(schema, name), required: schema.required ?? [] });
    }
    return { $ref: `#/types/${token}` };
  }

  /** Words that a vendor may add to are strings, of which some are known. */
  #enumerated({ enum: values = [], description }: JsonSchema, name: string): Spec {
    if (!values.every((value) => typeof value === "string")) return { type: typeof values[0] };
    const token = `clusterops:index:${name}`;
    const type = { type: "string", description, enum: values.map((value) => ({ value })) };
    this.types[token] ??= type;
    if (!isDeepStrictEqual(this.types[token].enum, type.enum)) throw new Error(`there are two ${name}`);
    return { oneOf: [{ type: "string" }, { $ref: `#/types/${token}` }] };
  }
}
