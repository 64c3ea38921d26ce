import { isDeepStrictEqual } from "node:util";
import generated from "../../provider/generated/schemas.json" with { type: "json" };
import { type Field, splitDefault } from "./fields.ts";
import { code } from "./markdown.ts";

/** What is used of a JSON Schema. */
interface Schema {
  type?: string | string[];
  description?: string;
  default?: unknown;
  enum?: unknown[];
  properties?: Record<string, Schema>;
  required?: string[];
  items?: Schema;
  additionalProperties?: boolean | Schema;
  anyOf?: Schema[];
  $ref?: string;
  minimum?: number;
  minItems?: number;
  minLength?: number;
  pattern?: string;
}

const definitions = generated.definitions as Record<string, Schema>;

/** Interfaces that have a table of their own. */
const linked: Record<string, string> = {
  Connection: "connection.md#fields",
  OAuth2: "connection.md#oauth2",
};

function definition(name: string): Schema {
  const found = definitions[name];
  if (!found) throw new Error(`there is no interface ${name} in the schemas: npm run build generates them`);
  return found;
}

/** The JSDoc of an interface. */
export function docOf(name: string): string {
  return definition(name).description ?? "";
}

/** The properties of an interface; nested ones follow theirs, e.g. `released[].id`. */
export function fieldsOf(name: string): Field[] {
  return fieldsIn(definition(name), "");
}

/** The properties that an interface has of another one, just as they are there. */
export function inheritedBy(name: string, from: string): string[] {
  const { properties = {} } = definition(name);
  return Object.entries(definition(from).properties ?? {})
    .filter(([property, schema]) => isDeepStrictEqual(properties[property], schema))
    .map(([property]) => property);
}

function fieldsIn({ properties = {}, required = [] }: Schema, prefix: string): Field[] {
  return Object.entries(properties).flatMap(([name, schema]) => {
    const path = `${prefix}${name}${schema.type === "array" && nestedIn(schema) ? "[]" : ""}`;
    const { text, default: inText } = splitDefault(schema.description ?? "");
    const field: Field = {
      path,
      type: [typeOf(schema), ...limitsOf(schema)].join(", "),
      isRequired: required.includes(name),
      default: schema.default === undefined ? inText : code(JSON.stringify(schema.default)),
      text,
    };
    const nested = nestedIn(schema);
    return nested ? [field, ...fieldsIn(nested, `${path}.`)] : [field];
  });
}

/** The object that a property holds, or a list of it, unless that has a table of its own. */
function nestedIn(schema: Schema): Schema | undefined {
  const { $ref } = schema.type === "array" ? (schema.items ?? {}) : schema;
  const name = nameIn($ref);
  if (name === undefined || name in linked) return undefined;
  return definition(name).properties && definition(name);
}

function nameIn($ref: string | undefined): string | undefined {
  return $ref?.split("/").pop();
}

/** In Markdown: TypeScript, where it is not a link. */
function typeOf(schema: Schema): string {
  if (schema.type === "array" && schema.items?.anyOf) return `list of ${typeOf(schema.items)}`;
  const values = schema.type === "object" && schema.additionalProperties;
  if (typeof values === "object" && values.anyOf) return `by name: ${typeOf(values)}`;
  const branches = schema.anyOf ?? [schema];
  return branches.map((branch) => link(branch) ?? code(plainType(branch))).join(" or ");
}

function link({ $ref }: Schema): string | undefined {
  const name = nameIn($ref);
  return name !== undefined && name in linked ? `[${code(name)}](${linked[name]})` : undefined;
}

function plainType(schema: Schema): string {
  const { type, items, additionalProperties } = schema;
  if (schema.$ref) return plainType(definition(nameIn(schema.$ref) as string));
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(" | ");
  if (Array.isArray(type)) return type.join(" | ");
  if (type === "array") return listOf(items ? plainType(items) : "any");
  if (type === "object") {
    const values = typeof additionalProperties === "object" ? plainType(additionalProperties) : undefined;
    return values ? `Record<string, ${values}>` : "object";
  }
  return type === "integer" ? "number" : (type ?? "any");
}

function listOf(type: string): string {
  return /[ |]/.test(type) ? `(${type})[]` : `${type}[]`;
}

function limitsOf({ type, minimum, minItems, minLength, pattern }: Schema): string[] {
  return [
    type === "integer" ? "whole" : "",
    minimum === undefined ? "" : `at least ${minimum}`,
    minItems === undefined ? "" : `at least ${minItems} of them`,
    minLength === undefined ? "" : "not empty",
    pattern === undefined ? "" : `matching ${code(pattern)}`,
  ].filter(Boolean);
}
