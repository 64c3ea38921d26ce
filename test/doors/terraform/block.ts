import { type RawObject, raw } from "../../../doors/terraform/codec.ts";
import { type Attribute, schema } from "../../../doors/terraform/schema.ts";
import { rawOf } from "../../../doors/terraform/values.ts";

/** The provider's block as Terraform sends it, from settings by the names of the lifecycle. What is no setting stays as it is. */
export function blockOf(settings: Record<string, unknown>): RawObject {
  return Object.fromEntries(
    schema.provider.map((attribute) => {
      const value = settings[attribute.property];
      const isWritten = attribute.isOpen && value !== undefined;
      return [
        attribute.name,
        isWritten ? raw("dynamic", spelled(attribute.nested, value)) : rawOf(attribute, value),
      ];
    }),
  );
}

function spelled(nested: Attribute["nested"], value: unknown): unknown {
  if (!nested || typeof value !== "object" || value === null) return value;
  const inner = (item: unknown) => {
    if (typeof item !== "object" || item === null) return item;
    return Object.fromEntries(
      Object.entries(item).map(([property, part]) => {
        const attribute = nested.attributes.find((one) => one.property === property);
        return [attribute?.name ?? property, spelled(attribute?.nested, part)];
      }),
    );
  };
  if (nested.mode === "single") return inner(value);
  if (Array.isArray(value)) return value.map(inner);
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, inner(item)]));
}
