import { createPrivateKey, X509Certificate } from "node:crypto";

/** Identifiers of the data in PKCS#12 and of PKCS#7 (RFC 5652), as they stand near the beginning. */
const [pkcs12, pkcs7] = ["2a864886f70d010701", "2a864886f70d010702"].map((id) => Buffer.from(id, "hex"));

/** What a binary file holds, and how PEM is made of it. Undefined: it is no such file. */
export function binaryKind(bytes: Buffer): string | undefined {
  if (bytes.subarray(0, 4).toString("hex") === "feedfeed")
    return "is a Java key store: keytool -importkeystore -deststoretype PKCS12 and then openssl pkcs12 make PEM of it";
  if (!isSequence(bytes)) return undefined;
  const holds = (id: Buffer | undefined) => id !== undefined && bytes.subarray(0, 64).includes(id);
  if (holds(pkcs12))
    return "is PKCS#12: openssl pkcs12 -nokeys makes PEM of its certificates, openssl pkcs12 -nocerts -noenc of its key";
  if (holds(pkcs7)) return "is PKCS#7 in DER: openssl pkcs7 -inform DER -print_certs makes PEM of it";
  if (isCertificate(bytes)) return "is in DER: openssl x509 -inform DER makes PEM of it";
  if (isKey(bytes)) return "is a private key in DER: openssl pkey -inform DER makes PEM of it";
  return "is in DER, not in PEM";
}

/** An ASN.1 SEQUENCE (X.690, 8.1) as long as the file, or of a length that is told by its end. */
function isSequence(bytes: Buffer): boolean {
  const [tag, length = 0] = bytes;
  if (tag !== 0x30) return false;
  if (length < 0x80) return bytes.length === length + 2;
  const digits = length & 0x7f;
  return digits === 0 || (digits <= 4 && bytes.length >= 2 + digits + bytes.readUIntBE(2, digits));
}

function isCertificate(bytes: Buffer): boolean {
  try {
    new X509Certificate(bytes);
    return true;
  } catch {
    return false;
  }
}

function isKey(key: Buffer): boolean {
  return (["pkcs8", "pkcs1", "sec1"] as const).some((type) => {
    try {
      createPrivateKey({ key, format: "der", type });
      return true;
    } catch {
      return false;
    }
  });
}
