import type { Struct } from "google-protobuf/google/protobuf/struct_pb.js";
import type { Answer } from "./answer.ts";
import { type Decoded, encode } from "./codec.ts";
import { propertiesAt } from "./properties.ts";

/** What was secret stays so, also where an output repeats it under another name: an id, a channel. */
export function structOf({ properties, paths }: Answer, { secrets, hidden }: Decoded): Struct {
  // What is secret of a connection is kept out of outputs by whoever uses it, and its user name or port may stand anywhere.
  const settings = propertiesAt(paths);
  const texts = new Set([...hidden].flatMap(([name, texts]) => (settings.has(name) ? [] : [...texts])));
  const repeats = Object.keys(properties).filter((name) => holds(properties[name], texts));
  return encode(properties, [...secrets, ...repeats], paths);
}

function holds(value: unknown, texts: ReadonlySet<unknown>): boolean {
  if (texts.size === 0) return false;
  if (typeof value === "object" && value !== null)
    return Object.values(value).some((inner) => holds(inner, texts));
  return texts.has(value);
}
