import struct from "google-protobuf/google/protobuf/struct_pb.js";
import { unknown } from "../../provider/index.ts";
import { engineUnknown } from "../shared/engine-unknown.ts";

export type Properties = Record<string, unknown>;

/** How the engine writes a value that is not known yet, by its type (sdk/go/common/resource/plugin/rpc.go). */
const engineUnknowns: ReadonlySet<unknown> = new Set([
  "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
  "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
  engineUnknown,
  "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
  "030794c1-ac77-496b-92df-f27374a8bd58",
  "e48ece36-62e2-4504-bad9-02848725956a",
  "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
]);

/** The key that tells what a special object is, and the one that says: a secret (sdk/go/common/resource/sig). */
const [signature, secret] = ["4dabf18193072939515e22adb298388d", "1b47061264138c4ac30d75fd1eb44270"];

/** Properties in clear, and which of them held a secret, at whatever depth. */
export interface Decoded {
  value: Properties;
  secrets: ReadonlySet<string>;
  /** The texts that were secret, by the property that held them. */
  hidden: ReadonlyMap<string, ReadonlySet<string>>;
}

/**
 * What the engine sends. A property that is null is nothing: programs in some languages send one for what they do not set. Inside of others
 * it is a value: a record says by it that nothing was there.
 */
export function decode(message: struct.Struct | undefined): Decoded {
  const hidden = new Map<string, Set<string>>();
  const plain = (value: unknown, top: string, isHidden = false): unknown => {
    if (value === null) return null;
    if (engineUnknowns.has(value)) return unknown;
    if (Array.isArray(value)) return value.map((item) => plain(item, top, isHidden));
    if (typeof value === "string" && isHidden && value !== "") hidden.get(top)?.add(value);
    if (typeof value !== "object") return value;
    if ((value as Properties)[signature] === secret) {
      if (!hidden.has(top)) hidden.set(top, new Set());
      return plain((value as Properties).value, top, true);
    }
    return propertiesOf(value, (item) => plain(item, top, isHidden));
  };
  const value: Properties = {};
  for (const [name, item] of Object.entries(message?.toJavaScript() ?? {})) {
    const known = plain(item, name);
    if (known !== null) value[name] = known;
  }
  return { value, secrets: new Set(hidden.keys()), hidden };
}

/**
 * What the engine is handed.
 *
 * @param secrets properties that are secret as a whole
 * @param paths of values inside of others that are secret, e.g. `nodes[1]`
 */
export function encode(
  value: Properties,
  secrets: Iterable<string> = [],
  paths: Iterable<string> = [],
): struct.Struct {
  const sealedWhole = new Set(secrets);
  const sealedAt = new Set(paths);
  const written = (item: unknown, path: string): unknown => {
    if (item === undefined) return undefined;
    const inner =
      item === unknown
        ? engineUnknown
        : Array.isArray(item)
          ? item.map((part, index) => written(part, `${path}[${index}]`) ?? null)
          : typeof item === "object" && item !== null
            ? propertiesOf(item, (part, key) => written(part, path === "" ? key : `${path}.${key}`))
            : item;
    return path !== "" && (sealedWhole.has(path) || sealedAt.has(path))
      ? { [signature]: secret, value: inner }
      : inner;
  };
  // What is no JSON, e.g. a date, becomes what it is as JSON: Struct takes nothing else.
  return struct.Struct.fromJavaScript(JSON.parse(JSON.stringify(written(value, ""))));
}

function propertiesOf(value: object, change: (item: unknown, key: string) => unknown): Properties {
  return Object.fromEntries(
    Object.entries(value)
      .map(([key, item]) => [key, change(item, key)] as const)
      .filter(([, item]) => item !== undefined),
  );
}
