import { createHash, createSign, generateKeyPairSync } from "node:crypto";
import { clock } from "../../provider/index.ts";

/*
 * Terraform and the provider authenticate each other with certificates that live as long as they do: the provider tells its own in the
 * line that it prints. What makes it is DER by hand (RFC 5280): a package that does it would be most of what is loaded at the start.
 */

export interface Certificate {
  der: Buffer;
  pem: string;
  key: string;
}

const halfMinute = 30_000;
const day = 86_400_000;

/** Signed by itself, for localhost, P-256: what go-plugin accepts as the certificate of a server, and of a client. */
export function selfSigned(): Certificate {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const spki = publicKey.export({ type: "spki", format: "der" });
  const ecdsaWithSha256 = sequence(oid("2a8648ce3d040302"));
  const localhost = sequence(value(0x31, sequence(oid("550403"), value(0x0c, "localhost"))));
  const extensions = sequence(
    // Signs, and issues certificates: digitalSignature, keyCertSign.
    extension("551d0f", Buffer.from("03020284", "hex"), true),
    // Of a client and of a server.
    extension("551d25", sequence(oid("2b06010505070302"), oid("2b06010505070301"))),
    extension("551d13", sequence(value(0x01, [0xff])), true),
    extension("551d11", sequence(value(0x82, "localhost"))),
  );
  const body = sequence(
    value(0xa0, value(0x02, [2])),
    value(0x02, [1], createHash("sha256").update(spki).digest().subarray(0, 8)),
    ecdsaWithSha256,
    localhost,
    sequence(time(-halfMinute), time(day)),
    localhost,
    spki,
    value(0xa3, extensions),
  );
  const signature = createSign("SHA256").update(body).sign(privateKey);
  const der = sequence(body, ecdsaWithSha256, value(0x03, [0], signature));
  const lines = der.toString("base64").replace(/.{64}/g, "$&\n");
  return {
    der,
    pem: `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`,
    key: privateKey.export({ type: "pkcs8", format: "pem" }) as string,
  };
}

/** A tag, the length, and what is in it. */
function value(tag: number, ...parts: (Uint8Array | string | number[])[]): Buffer {
  const body = Buffer.concat(parts.map((part) => Buffer.from(part as Uint8Array)));
  const { length } = body;
  const told =
    length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...told]), body]);
}

function sequence(...parts: Uint8Array[]): Buffer {
  return value(0x30, ...parts);
}

function oid(hex: string): Buffer {
  return value(0x06, Buffer.from(hex, "hex"));
}

function extension(id: string, content: Buffer, isCritical = false): Buffer {
  return sequence(oid(id), ...(isCritical ? [value(0x01, [0xff])] : []), value(0x04, content));
}

/** UTCTime, so many milliseconds from now. */
function time(fromNow: number): Buffer {
  const digits = new Date(clock.now() + fromNow).toISOString().replace(/[-:T]/g, "").slice(2, 14);
  return value(0x17, `${digits}Z`);
}
