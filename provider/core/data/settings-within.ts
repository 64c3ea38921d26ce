import schemas from "../../generated/schemas.json" with { type: "json" };
import { isObject, type Json } from "./values.ts";

const connection = "#/definitions/Connection";

/**
 * Where properties hold the settings of a connection themselves, which may be credentials: `connection`, `nodes[1]`, `clusters.east`.
 * A connection's name is none.
 *
 * @param name of the interface, e.g. `DatabaseSyncInputs`
 */
export function settingsWithin(name: string, properties: Json): string[] {
  const definition = (schemas.definitions as Record<string, Json>)[name];
  return Object.entries((definition?.properties ?? {}) as Record<string, Json>).flatMap(
    ([property, schema]) => within(schema, properties[property], property),
  );
}

function within(schema: Json, value: unknown, path: string): string[] {
  if (schema.$ref === connection) return isObject(value) ? [path] : [];
  const parts = ((schema.anyOf ?? []) as Json[]).flatMap((part) => within(part, value, path));
  if (Array.isArray(value) && isObject(schema.items))
    parts.push(...value.flatMap((item, index) => within(schema.items as Json, item, `${path}[${index}]`)));
  if (isObject(value) && isObject(schema.additionalProperties))
    for (const [key, item] of Object.entries(value))
      parts.push(...within(schema.additionalProperties as Json, item, `${path}.${key}`));
  return parts;
}
