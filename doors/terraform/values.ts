import { isDeepStrictEqual } from "node:util";
import { type Failure, unknown } from "../../provider/index.ts";
import { InexactNumber, plain, type Raw, type RawObject, raw } from "./codec.ts";
import { type Attribute, isInput, type Nested } from "./schema.ts";

export type Properties = Record<string, unknown>;

/** The properties that attributes stand for. What is null is left out. @throws InexactNumber */
export function propertiesOf(attributes: readonly Attribute[], object: RawObject): Properties {
  const properties: Properties = {};
  for (const attribute of attributes) {
    const value = propertyOf(attribute, object[attribute.name]);
    if (value !== undefined) properties[attribute.property] = value;
  }
  return properties;
}

/** The same of what users set, with what is wrong with it. */
export function inputsOf(
  attributes: readonly Attribute[],
  object: RawObject,
): { inputs: Properties; failures: Failure[] } {
  const failures: Failure[] = [];
  const inputs: Properties = {};
  for (const attribute of attributes.filter(isInput))
    try {
      Object.assign(inputs, propertiesOf([attribute], object));
    } catch (error) {
      if (!(error instanceof InexactNumber)) throw error;
      failures.push({ property: attribute.property, reason: error.message });
    }
  return { inputs, failures };
}

function propertyOf(attribute: Attribute, value: Raw): unknown {
  const { type, nested, property, isNumeric, isOpen } = attribute;
  if (value === null || value === undefined) return undefined;
  if (value === unknown) return unknown;
  if (isOpen) return read(attribute, plain("dynamic", value));
  if (nested)
    return eachIn(nested, value, (item) =>
      item === unknown || item === null ? item : propertiesOf(nested.attributes, item as RawObject),
    );
  const known = plain(type ?? "dynamic", value);
  // Whoever has a single trigger, or names them, means a list.
  if (property === "triggers" && known !== undefined && known !== unknown)
    return Array.isArray(known) ? known : [known];
  return isNumeric && typeof known === "string" ? numeric(known) : known;
}

/** Of what has come as a value of any type: what is no attribute stays as it is written, so that it is refused. */
function read({ nested, isNumeric }: Attribute, value: unknown): unknown {
  if (isNumeric && typeof value === "string") return numeric(value);
  if (!nested || typeof value !== "object" || value === null) return value;
  return eachIn(nested, value, (item) => {
    if (typeof item !== "object" || item === null) return item;
    return Object.fromEntries(
      entriesOf(item).map(([name, part]) => {
        const attribute = nested.attributes.find((one) => one.name === name);
        return attribute ? [attribute.property, read(attribute, part)] : [name, part];
      }),
    );
  });
}

/** The objects that an attribute holds, each changed. What is no list where one is meant stays, so that it is refused. */
function eachIn({ mode }: Nested, value: unknown, change: (item: unknown) => unknown): unknown {
  if (mode === "single") return change(value);
  if (mode === "list") return Array.isArray(value) ? value.map(change) : value;
  return Object.fromEntries(entriesOf(value as object).map(([key, item]) => [key, change(item)]));
}

/** An entry that is null is none: `var.has_redis ? { ... } : null`. */
function entriesOf(value: object): [string, unknown][] {
  return Object.entries(value).filter(([, item]) => item !== null);
}

function numeric(text: string): string | number {
  return /^\d+(\.\d+)?$/.test(text) ? Number(text) : text;
}

/** A property as Terraform records it. */
export function rawOf({ type, nested }: Attribute, value: unknown): Raw {
  if (value === undefined || value === null) return null;
  if (value === unknown || !nested) return raw(type ?? "dynamic", value);
  return eachIn(nested, value, (item) => rawObject(nested.attributes, item as Properties));
}

/**
 * @param spellings how the values were written before, e.g. in the configuration: where one means the same it is taken, so that nothing
 *   differs that nobody has changed
 */
export function rawObject(
  attributes: readonly Attribute[],
  properties: Properties,
  spellings: readonly (RawObject | null)[] = [],
): RawObject {
  return Object.fromEntries(
    attributes.map((attribute) => {
      const value = properties[attribute.property];
      const known = spellings.find((object) => object && means(attribute, object[attribute.name], value));
      return [attribute.name, known ? known[attribute.name] : rawOf(attribute, value)];
    }),
  );
}

function means(attribute: Attribute, written: Raw, value: unknown): boolean {
  try {
    return isDeepStrictEqual(propertyOf(attribute, written), value ?? undefined);
  } catch {
    return false;
  }
}
