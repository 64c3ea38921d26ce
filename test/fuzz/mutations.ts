import fc from "fast-check";

/** What may come in place of a documented value. */
const nonsense: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom<unknown>(
    null,
    true,
    false,
    "",
    " ",
    "\u0000",
    "NaN",
    "<html>",
    "__proto__",
    -1,
    0.5,
    1e308,
    -1e308,
    2 ** 53 + 2,
    "1e999",
    "9".repeat(400),
    [],
    {},
    [[]],
    [null],
    { length: -1 },
    { toString: 1, valueOf: null },
  ),
  fc.string({ unit: "binary", maxLength: 12 }),
  fc.jsonValue({ maxDepth: 3 }),
);

/** Keys that change the reader's own objects if it assigns them carelessly. */
const hostileKeys = ["__proto__", "constructor", "prototype", "toString", "hasOwnProperty", "then", "length"];

type Path = (string | number)[];
type Change = (document: unknown) => unknown;

interface Corruption {
  /** What comes in place of what is documented. */
  values?: fc.Arbitrary<unknown>;
  /** Lists keep their length: one that lacks an item may be right. */
  keepsItems?: boolean;
}

/** The document, corrupted at one to three places: another type, a field less, a field more, a number as a string, a wrapping. */
export function corrupted(
  good: unknown,
  { values = nonsense, keepsItems = false }: Corruption = {},
): fc.Arbitrary<unknown> {
  const change = fc
    .tuple(fc.nat(), fc.constantFrom("replace", "remove", "key", "string", "wrap"), values, fc.nat())
    .map(
      ([where, how, value, which]): Change =>
        (document) =>
          changeAt(document, pathIn(document, where, keepsItems && how === "remove"), how, value, which),
    );
  return fc
    .array(change, { minLength: 1, maxLength: 3 })
    .map((changes) => changes.reduce((document, apply) => apply(document), good));
}

/** The same as text on the wire, which need not be JSON at all: cut, with bytes changed, too deep, not UTF-8. */
export function corruptedText(good: unknown): fc.Arbitrary<Served> {
  const text = typeof good === "string" ? good : JSON.stringify(good);
  const bytes = Buffer.from(text);
  const cut = fc.nat(bytes.length).map((length) => bytes.subarray(0, length));
  const damaged = fc
    .array(fc.tuple(fc.nat(Math.max(0, bytes.length - 1)), fc.nat(255)), { minLength: 1, maxLength: 4 })
    .map((changes) => {
      const copy = Buffer.from(bytes);
      for (const [index, byte] of changes) copy[index] = byte;
      return copy;
    });
  const deep = fc
    .tuple(
      fc.constantFrom(["[", "]"], ['{"error":', "}"], ['{"actions":', "}"]),
      fc.constantFrom(150, 20_000),
    )
    .map(([[open = "", close = ""], depth]) => Buffer.from(`${open.repeat(depth)}1${close.repeat(depth)}`));
  const documents = corrupted(good).map((document) => Buffer.from(JSON.stringify(document) ?? ""));
  // As the transport reads it: what is no UTF-8 becomes U+FFFD.
  return fc
    .oneof({ weight: 6, arbitrary: documents }, cut, damaged, deep)
    .map((buffer) => served(buffer.toString("utf8")));
}

/** A body, which a counterexample shows cut. */
export interface Served {
  text: string;
}

function served(text: string): Served {
  const shown = () =>
    JSON.stringify(text.slice(0, 500)) + (text.length > 500 ? ` and ${text.length - 500} more` : "");
  return { text, [fc.toStringMethod]: shown } as Served;
}

/** One of the document's places. */
function pathIn(document: unknown, where: number, isKey: boolean): Path {
  const paths = pathsOf(document).filter((path) => !isKey || Number.isNaN(Number(path.at(-1) ?? "x")));
  return paths[where % paths.length] as Path;
}

function pathsOf(value: unknown): Path[] {
  if (typeof value !== "object" || value === null) return [[]];
  const below = Object.entries(value).flatMap(([key, item]) => pathsOf(item).map((path) => [key, ...path]));
  return [[], ...below];
}

function changeAt(document: unknown, path: Path, how: string, value: unknown, which: number): unknown {
  const [step, ...rest] = path;
  if (step === undefined) return changed(document, how, value, which);
  const isRemoved = how === "remove" && rest.length === 0;
  if (Array.isArray(document)) {
    const items = [...document];
    if (isRemoved) items.splice(Number(step), 1);
    else items[Number(step)] = changeAt(items[Number(step)], rest, how, value, which);
    return items;
  }
  const entries = Object.entries(document as object).flatMap(([key, item]) => {
    if (key !== step) return [[key, item]];
    return isRemoved ? [] : [[key, changeAt(item, rest, how, value, which)]];
  });
  return Object.fromEntries(entries as [string, unknown][]);
}

function changed(item: unknown, how: string, value: unknown, which: number): unknown {
  if (how === "string") return typeof item === "object" ? JSON.stringify(item) : String(item);
  if (how === "wrap") return which % 2 ? [item] : { value: item };
  if (how === "key" && typeof item === "object" && item !== null && !Array.isArray(item)) {
    // As JSON.parse would make it: an own property, whatever its name.
    return Object.fromEntries([...Object.entries(item), [hostileKeys[which % hostileKeys.length], value]]);
  }
  return value;
}
