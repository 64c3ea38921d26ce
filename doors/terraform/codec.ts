import { decode, ExtensionCodec, encode } from "@msgpack/msgpack";
import { unknown } from "../../provider/index.ts";

/*
 * Values as Terraform writes them (docs/plugin-protocol/object-wire-format.md of Terraform): MessagePack, where a value that is not known
 * yet is an extension, one of a dynamic type a pair of its type and itself, and a number that no float holds exactly a text. They are kept
 * as they came: what is handed back unchanged is then the same to the last digit.
 */

/** An attribute's value as Terraform wrote it. */
export type Raw = unknown;

/** An object's attributes by name; null: there is no object. */
export type RawObject = Record<string, Raw>;

/** How a value travels. */
export interface DynamicValue {
  msgpack?: Uint8Array;
  json?: Uint8Array;
}

/** A symbol is nothing that MessagePack could ask its extensions about. */
class Unknown {}

/** `12` is an unknown of which something is known, e.g. that it is not null. */
const [anything, refined] = [0, 12];

const extensionCodec = new ExtensionCodec();
extensionCodec.register({
  type: anything,
  encode: (value) => (value instanceof Unknown ? new Uint8Array([0]) : null),
  decode: () => unknown,
});
extensionCodec.register({ type: refined, encode: () => null, decode: () => unknown });
const options = { extensionCodec, useBigInt64: true } as const;

export function unpack(value: DynamicValue | undefined): RawObject | null {
  if (value?.msgpack?.length) return decode(value.msgpack, options) as RawObject | null;
  return value?.json?.length ? JSON.parse(Buffer.from(value.json).toString()) : null;
}

export function pack(value: RawObject | null): DynamicValue {
  return { msgpack: Buffer.from(encode(marked(value), options)) };
}

function marked(value: Raw): Raw {
  if (value === unknown) return new Unknown();
  if (Array.isArray(value)) return value.map(marked);
  if (typeof value !== "object" || value === null || value instanceof Uint8Array) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, marked(item)]));
}

/** A type as Terraform writes it, e.g. `["list", "string"]`. */
export type Type = string | [kind: string, of: Type | Type[] | Record<string, Type>];

/** A number that JavaScript would change. */
export class InexactNumber extends Error {
  constructor(text: string) {
    super(`${text} has more digits than are sent exactly: write it as a text`);
  }
}

/** What a value of a type means. A null is nothing. @throws InexactNumber */
export function plain(type: Type, raw: Raw): unknown {
  if (raw === null || raw === undefined) return undefined;
  if (raw === unknown) return unknown;
  if (type === "dynamic") {
    const [written, value] = raw as [Uint8Array, Raw];
    return plain(JSON.parse(Buffer.from(written).toString()) as Type, value);
  }
  if (type === "number") return number(raw as number | bigint | string);
  if (typeof type === "string") return raw;
  const [kind, of] = type;
  if (kind === "tuple")
    return (raw as Raw[]).map((item, index) => plain((of as Type[])[index] ?? "string", item) ?? null);
  if (kind === "list" || kind === "set") return (raw as Raw[]).map((item) => plain(of as Type, item) ?? null);
  const typeOf = (key: string) =>
    kind === "object" ? ((of as Record<string, Type>)[key] ?? "string") : (of as Type);
  return Object.fromEntries(
    Object.entries(raw as RawObject).map(([key, item]) => [key, plain(typeOf(key), item) ?? null]),
  );
}

function number(raw: number | bigint | string): number {
  if (typeof raw === "number") return raw;
  const value = Number(raw);
  const text = String(raw);
  if (!Number.isFinite(value)) throw new InexactNumber(shortened(text));
  // Fifteen digits come through as they are.
  const isShort = text.replace(/[-.]|^[-0.]+/g, "").length <= 15;
  const isSame = isShort || (text.includes(".") ? String(value) === text : BigInt(value) === BigInt(text));
  if (!isSame) throw new InexactNumber(shortened(text));
  return value;
}

/** Hundreds of digits are no help to anybody. */
function shortened(digits: string): string {
  return digits.length <= 50 ? digits : `${digits.slice(0, 20)}... (${digits.length} digits)`;
}

/** The same the other way round. What is undefined is null. */
export function raw(type: Type, value: unknown): Raw {
  if (value === undefined || value === null) return null;
  if (value === unknown) return unknown;
  if (type === "dynamic") {
    const own = typeFor(value);
    return [Buffer.from(JSON.stringify(own)), raw(own, value)];
  }
  // As decimal digits: a float would be another number than the one that stands in the configuration.
  if (type === "number") return Number.isSafeInteger(value) ? value : String(value);
  if (type === "string") return typeof value === "string" ? value : JSON.stringify(value);
  if (typeof type === "string") return value;
  const [kind, of] = type;
  if (kind === "tuple")
    return (value as unknown[]).map((item, index) => raw((of as Type[])[index] ?? "string", item));
  if (kind === "list" || kind === "set") return (value as unknown[]).map((item) => raw(of as Type, item));
  const typeOf = (key: string) =>
    kind === "object" ? ((of as Record<string, Type>)[key] ?? "string") : (of as Type);
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, raw(typeOf(key), item)]));
}

/** The type that says most of a value: a tuple or an object of what is in it. */
function typeFor(value: unknown): Type {
  if (Array.isArray(value)) return ["tuple", value.map(typeFor)];
  if (typeof value === "object" && value !== null)
    return ["object", Object.fromEntries(Object.entries(value).map(([key, item]) => [key, typeFor(item)]))];
  if (typeof value === "number") return "number";
  return typeof value === "boolean" ? "bool" : "string";
}
