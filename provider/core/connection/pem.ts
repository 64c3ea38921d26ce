/*
 * What stands in a text that is taken for PEM, and what is wrong with it in words that say the cure. OpenSSL's own words name neither, and
 * it passes over what it does not know without a word: a caCert that holds none trusts nobody. No message repeats what stands in a text.
 */

/** What is wrong, as the end of a sentence: `is empty`. */
export class PemProblem extends Error {}

/** One part of a PEM text, its lines of BEGIN and END included. */
export interface PemBlock {
  /** E.g. `CERTIFICATE`. */
  label: string;
  text: string;
}

/** Whether it is meant to be PEM, and not the path of a file. */
export function isPem(text: string): boolean {
  return text.includes("-----BEGIN");
}

/**
 * The parts of a PEM text. Line ends of any kind, a byte order mark and words around the parts do no harm.
 *
 * @throws PemProblem
 */
export function blocksIn(given: string): PemBlock[] {
  const text = given
    .replace(/^\uFEFF+/, "")
    .replace(/\r\n?/g, "\n")
    // Files without a line break at their end, one after the other.
    .replace(/-----(?=-----BEGIN )/g, "-----\n");
  if (text.trim() === "") throw new PemProblem("is empty");
  if (!isPem(text)) throw new PemProblem(packedKind(text) ?? "has no -----BEGIN line: it is not PEM");
  const problem = brokenLines(text);
  if (problem)
    throw new PemProblem(
      `${problem}: write it as the file has it, without blanks before its lines, or give the path of the file`,
    );
  const blocks = [
    ...text.matchAll(/^-----BEGIN ([A-Z0-9 ]+)-----[ \t]*\n([\s\S]*?)^-----END \1-----[ \t]*$/gm),
  ];
  const begins = text.match(/-----BEGIN/g) ?? [];
  if (blocks.length !== begins.length)
    throw new PemProblem("is cut off: a -----BEGIN line has no -----END line that belongs to it");
  if (blocks.some(([, , body = ""]) => /^[ \t]+\S/m.test(body)))
    throw new PemProblem("is indented: write it without blanks before its lines");
  return blocks.map(([whole, label = ""]) => ({ label, text: `${whole.replace(/[ \t]+$/gm, "")}\n` }));
}

/** What shells, templates and configuration files do to line breaks. */
function brokenLines(text: string): string | undefined {
  if (/-----\s*\\+[nr]|\\+[nr]-----/.test(text)) return "has \\n, two characters, in place of line breaks";
  if (/^[ \t]+-----(BEGIN|END) /m.test(text)) return "is indented";
  if (/-----BEGIN [^-\n]*-----[ \t]*[^\s]|[^\n]-----END /.test(text))
    return "has blanks, or nothing at all, in place of line breaks";
  if (/[^\n]-----BEGIN /.test(text)) return "has something before -----BEGIN on its line";
  return undefined;
}

/** What base64 without lines of BEGIN and END is. */
export function packedKind(text: string): string | undefined {
  const packed = text.replace(/\s/g, "");
  if (/^LS0tLS1CRUdJTi[\w+/=]*$/.test(packed))
    return "is PEM text in base64 once more, as in a Kubernetes secret: decode it with base64 -d";
  if (/^M[\w+/]{40,}={0,2}$/.test(packed)) return "is base64 without its -----BEGIN and -----END lines";
  return undefined;
}

/** What is there in place of what is wanted, e.g. `a private key`. */
export function kindOf(label: string): string {
  if (/^OPENSSH /.test(label)) return "an SSH key";
  if (isKey(label)) return "a private key";
  if (/PUBLIC KEY$/.test(label)) return "a public key";
  if (/CERTIFICATE REQUEST$/.test(label)) return "a certificate request, which an authority has yet to sign";
  if (/^X509 CRL$/.test(label)) return "a list of revoked certificates";
  if (/^(PKCS7|CMS)$/.test(label)) return "PKCS#7 (openssl pkcs7 -print_certs makes certificates of it)";
  if (isCertificate(label)) return "a certificate";
  return "something else";
}

export function isCertificate(label: string): boolean {
  return /^((X509|TRUSTED) )?CERTIFICATE$/.test(label);
}

export function isKey(label: string): boolean {
  return /^((RSA|EC|DSA|ENCRYPTED|ANY) )?PRIVATE KEY$/.test(label);
}
