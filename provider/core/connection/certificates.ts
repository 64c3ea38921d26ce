import { createPrivateKey, type KeyObject, X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import { createSecureContext } from "node:tls";
import { InputError } from "../data/errors.ts";
import { mayHoldUserinfo } from "../data/userinfo.ts";
import { utf16Of } from "../data/utf16.ts";
import { binaryKind } from "./der.ts";
import {
  blocksIn,
  isCertificate,
  isKey,
  isPem,
  kindOf,
  type PemBlock,
  PemProblem,
  packedKind,
} from "./pem.ts";
import type { Connection, ResolvedConnection } from "./settings.ts";

type Tls = ResolvedConnection["tls"];

/** One of the settings that hold PEM: where it is, what its sentence begins with, and its text. */
interface Source {
  property: string;
  /** The file's path and a blank. Empty: it is the text itself. */
  named: string;
  text: string;
}

/**
 * Settings that were judged good, by their text: a bundle holds hundreds of certificates, and each operation looks its connections up
 * anew. What is kept follows from the text alone.
 */
const judgedGood = new Map<string, Omit<Tls, "rejectUnauthorized">>();
const mostKept = 16;

/**
 * Certificates and key of a connection, parsed: what cannot work is found before anything is connected.
 *
 * @throws InputError under the property that is wrong. Never with a word of what stands in it: it may be a key
 */
export function tlsOf(connection: Connection, property: string): Tls {
  const ca = sourceOf(connection.caCert, `${property}.caCert`);
  const cert = sourceOf(connection.clientCert, `${property}.clientCert`);
  const key = sourceOf(connection.clientKey, `${property}.clientKey`);
  const text = JSON.stringify([ca?.text, cert?.text, key?.text]);
  const good = judgedGood.get(text) ?? { ca: ca && authorities(ca), ...(cert && key && pair(cert, key)) };
  if (judgedGood.size >= mostKept) judgedGood.clear();
  judgedGood.set(text, good);
  return { ...good, rejectUnauthorized: !connection.insecureSkipVerify };
}

/** Only certificates are handed on: a key that lies beside them has no business there. */
function authorities(source: Source): string {
  const blocks = judged(source, () => partsOf(source, isCertificate, "certificate"));
  certificates(source, blocks);
  return usable({ ca: textOf(blocks) }, source).ca;
}

function pair(certSource: Source, keySource: Source): { cert: string; key: string } {
  const [certBlocks, keyBlocks] = [certSource, keySource].map((source) =>
    judged(source, () => blocksIn(source.text)),
  );
  const hasKeyOnly =
    certBlocks?.some(({ label }) => isKey(label)) && !certBlocks.some(({ label }) => isCertificate(label));
  if (
    hasKeyOnly &&
    keyBlocks?.some(({ label }) => isCertificate(label)) &&
    !keyBlocks.some(({ label }) => isKey(label))
  )
    refuse(certSource, "holds the private key, and clientKey the certificate: exchange the two");
  const certParts = judged(certSource, () => partsOf(certSource, isCertificate, "certificate"));
  const keyPart = judged(keySource, () => partsOf(keySource, isKey, "private key"))[0] as PemBlock;
  const chain = certificates(certSource, certParts);
  const key = privateKey(keySource, keyPart);
  const own = chain.findIndex((certificate) => certificate.checkPrivateKey(key));
  if (own < 0) refuse(keySource, "is not the key of clientCert: the two do not belong together");
  if (own > 0)
    refuse(certSource, "begins with another certificate than that of clientKey, which has to come first");
  return usable({ cert: textOf(certParts), key: keyPart.text }, certSource);
}

/** What a setting holds, be it text or the path of a file. */
function sourceOf(value: string | undefined, property: string): Source | undefined {
  if (value === undefined) return undefined;
  if (isPem(value)) return { property, named: "", text: value };
  if (value.trim() === "")
    throw new InputError(property, "is empty: give PEM text, or the path of a PEM file");
  let bytes: Buffer;
  try {
    bytes = readFileSync(value);
  } catch (error) {
    // An error of the file system repeats the value, and so must not become the cause.
    throw new InputError(
      property,
      `${shown(value)} is neither PEM text nor a readable file${whyUnreadable(error, value)}`,
    );
  }
  const named = `${shown(value)} `;
  const kind = binaryKind(bytes);
  if (kind) throw new InputError(property, named + kind);
  return { property, named, text: textIn(bytes) };
}

/** Base64 of a key is no path: it begins with none of these, and has no extension. */
function shown(value: string): string {
  const isPath = /^([~./\\]|[A-Za-z]:[\\/])|\.\w{1,8}$/.test(value);
  return isPath && value.length < 200 && !/[\r\n]/.test(value) && !mayHoldUserinfo(value)
    ? value
    : "the value";
}

function whyUnreadable(error: unknown, value: string): string {
  const packed = packedKind(value);
  if (packed) return `, but ${packed.replace(/^is /, "")}`;
  const code = String((error as { code?: unknown }).code);
  if (code === "EISDIR") return ": it is a folder";
  if (code === "EACCES" || code === "EPERM") return ": the permission to read it is missing";
  if (code !== "ENOENT" || shown(value) !== value) return "";
  return value.startsWith("~")
    ? ": only a shell knows ~, so write the whole path"
    : ": there is no such file";
}

/** PowerShell writes UTF-16. */
function textIn(bytes: Buffer): string {
  return new TextDecoder(utf16Of(bytes)).decode(bytes);
}

/** The parts that are wanted, one at least. */
function partsOf({ text }: Source, isWanted: (label: string) => boolean, wanted: string): PemBlock[] {
  const blocks = blocksIn(text);
  const found = blocks.filter(({ label }) => isWanted(label));
  if (found.length > 0) return found;
  throw new PemProblem(`holds ${kindOf(blocks[0]?.label ?? "")}, not a ${wanted}`);
}

function certificates(source: Source, blocks: PemBlock[]): X509Certificate[] {
  return blocks.map((block, index) => {
    try {
      return new X509Certificate(block.text);
    } catch {
      const which =
        blocks.length === 1
          ? "a certificate"
          : `${blocks.length} certificates, of which number ${index + 1} is one`;
      return refuse(source, `holds ${which} that cannot be read: it is broken`);
    }
  });
}

function privateKey(source: Source, { label, text }: PemBlock): KeyObject {
  if (label === "ENCRYPTED PRIVATE KEY" || /^Proc-Type:.*ENCRYPTED/m.test(text))
    refuse(
      source,
      "is encrypted, and there is no input for its passphrase: decrypt it with openssl pkey -in FILE -out FILE, and keep that secret",
    );
  try {
    return createPrivateKey(text);
  } catch {
    return refuse(source, "holds a private key that cannot be read: it is broken");
  }
}

/** What parses may yet be refused for use: a key or a digest that is too weak. */
function usable<T extends object>(material: T, source: Source): T {
  try {
    createSecureContext(material);
    return material;
  } catch (error) {
    const { code } = error as { code?: unknown };
    return refuse(source, `cannot be used for TLS${typeof code === "string" ? ` (${code})` : ""}`);
  }
}

function textOf(blocks: PemBlock[]): string {
  return blocks.map(({ text }) => text).join("");
}

function judged<T>(source: Source, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof PemProblem) refuse(source, error.message);
    throw error;
  }
}

function refuse({ property, named }: Source, reason: string): never {
  throw new InputError(property, named + reason);
}
