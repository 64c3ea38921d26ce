// As one: an old Node.js lacks some of it, and is to be told so first (runtime/require-node.ts).
import zlib from "node:zlib";
import { utf16Of } from "../data/utf16.ts";

/** Why a body cannot be read, as part of a sentence: `a body in the encoding "compress"`. */
export class Undecodable extends Error {}

/** It would be larger than an answer may be. */
export class TooLarge extends Error {}

type Unpack = (bytes: Buffer, options: { maxOutputLength: number }) => Buffer;

/** By their names in Content-Encoding (RFC 9110, 8.4.1). None is asked for: proxies and servers use them all the same. */
const encodings: Record<string, Unpack> = {
  gzip: zlib.gunzipSync,
  "x-gzip": zlib.gunzipSync,
  // By the RFC inside zlib's own format; some servers leave that out.
  deflate: (bytes, options) =>
    (((bytes[0] ?? 0) & 0x0f) === 8 ? zlib.inflateSync : zlib.inflateRawSync)(bytes, options),
  br: zlib.brotliDecompressSync,
  zstd: zlib.zstdDecompressSync,
};

/** What a body begins with that is packed, whatever its headers say. */
const magic: [encoding: string, bytes: readonly number[]][] = [
  ["gzip", [0x1f, 0x8b]],
  ["zstd", [0x28, 0xb5, 0x2f, 0xfd]],
];

/** Layers of one body: a proxy may pack what a server has packed already. */
const deepest = 3;

/**
 * The text of a body: unpacked, and without a byte order mark. UTF-8 unless its first bytes, or else its headers, say otherwise.
 *
 * @param longest bytes that it may have when it is unpacked: a few kilobytes can become gigabytes
 * @throws Undecodable, TooLarge
 */
export function decodeBody(
  bytes: Buffer,
  headers: Record<string, string | string[] | undefined>,
  longest: number,
): string {
  return textOf(unpacked(bytes, headers["content-encoding"], longest), String(headers["content-type"] ?? ""));
}

function unpacked(bytes: Buffer, header: string | string[] | undefined, longest: number): Buffer {
  const declared = header === undefined ? [] : [header].flat().join(",").toLowerCase().split(",");
  let body = bytes;
  for (const name of declared.map((each) => each.trim()).toReversed()) {
    if (name === "" || name === "identity" || body.length === 0) continue;
    try {
      body = unpackedBy(name, body, longest);
    } catch (error) {
      // Something on the way has unpacked it and left the header, or has packed it in another way.
      if (error instanceof Undecodable && (isPrintable(body) || packing(body) !== undefined)) break;
      throw error;
    }
  }
  for (let layer = 0; layer < deepest; layer++) {
    const found = packing(body);
    if (found === undefined) break;
    body = unpackedBy(found, body, longest);
  }
  return body;
}

/** By what it begins with. */
function packing(body: Buffer): string | undefined {
  return magic.find(([, first]) => first.every((byte, at) => body[at] === byte))?.[0];
}

function unpackedBy(name: string, body: Buffer, longest: number): Buffer {
  const unpack = encodings[name];
  const what = `a body in the encoding ${JSON.stringify(name.slice(0, 40))}`;
  if (!unpack) throw new Undecodable(`${what}, which was not asked for`);
  try {
    return unpack(body, { maxOutputLength: longest });
  } catch (cause) {
    if ((cause as { code?: unknown }).code === "ERR_BUFFER_TOO_LARGE") throw new TooLarge();
    throw new Undecodable(`${what} that is broken`, { cause });
  }
}

function isPrintable(body: Buffer): boolean {
  return /^[\t\n\r -~\x80-\xff]*$/.test(body.subarray(0, 64).toString("latin1"));
}

function textOf(body: Buffer, contentType: string): string {
  const [, charset = "utf-8"] = /charset\s*=\s*"?([\w.:-]+)/i.exec(contentType) ?? [];
  const text =
    decoded(body, utf16Of(body)) ?? decoded(body, "utf-8") ?? decoded(body, charset) ?? body.toString("utf8");
  return text.replace(/^\uFEFF+/, "");
}

/** Nearly every body is: made once, since each costs more than decoding one. */
const utf8 = new TextDecoder("utf-8", { fatal: true });

/** Undefined: these bytes are no text of that kind. */
function decoded(body: Buffer, charset: string | undefined): string | undefined {
  if (charset === undefined) return undefined;
  try {
    return (charset === "utf-8" ? utf8 : new TextDecoder(charset, { fatal: true })).decode(body);
  } catch {
    return undefined;
  }
}
