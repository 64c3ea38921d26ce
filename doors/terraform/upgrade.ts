import type { RawObject } from "./codec.ts";
import type { Attribute } from "./schema.ts";

/**
 * What is recorded, for today's schema: as Terraform wrote it, without attributes that this version does not have. It stays JSON: there a
 * value of a dynamic type stands beside its type, and a number has all its digits.
 */
export function upgraded(
  attributes: readonly Attribute[],
  json: Uint8Array | undefined,
): Uint8Array | undefined {
  if (!json) return undefined;
  const state = JSON.parse(Buffer.from(json).toString()) as RawObject | null;
  if (!state || !hasMore(attributes, state)) return json;
  return Buffer.from(JSON.stringify(fitted(attributes, state)));
}

function hasMore(attributes: readonly Attribute[], object: RawObject): boolean {
  const known = new Map(attributes.map((attribute) => [attribute.name, attribute]));
  return Object.entries(object).some(([name, value]) => {
    const attribute = known.get(name);
    return (
      !attribute ||
      objectsIn(attribute, value).some((inner) => hasMore(attribute.nested?.attributes ?? [], inner))
    );
  });
}

function fitted(attributes: readonly Attribute[], object: RawObject): RawObject {
  return Object.fromEntries(
    attributes
      .filter(({ name }) => name in object)
      .map((attribute) => [attribute.name, fittedValue(attribute, object[attribute.name])]),
  );
}

function fittedValue({ nested }: Attribute, value: unknown): unknown {
  if (!nested || typeof value !== "object" || value === null) return value;
  const inner = (item: unknown) => (item === null ? null : fitted(nested.attributes, item as RawObject));
  if (nested.mode === "single") return inner(value);
  if (nested.mode === "list") return (value as unknown[]).map(inner);
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, inner(item)]));
}

function objectsIn({ nested }: Attribute, value: unknown): RawObject[] {
  if (!nested || typeof value !== "object" || value === null) return [];
  const inner = nested.mode === "single" ? [value] : Object.values(value);
  return inner.filter((item) => typeof item === "object" && item !== null) as RawObject[];
}
