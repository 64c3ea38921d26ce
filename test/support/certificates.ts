// tsyringe, inside @peculiar/x509, wants it first.
import "reflect-metadata";
import type { webcrypto } from "node:crypto";
import * as x509 from "@peculiar/x509";

/** A key and its certificate, as PEM text. */
export interface Certificate {
  key: string;
  cert: string;
}

/** An authority that signs certificates for one test: nothing is read from disk, nothing outlives it. */
export interface Authority {
  /** Its own certificate, for `caCert`. */
  ca: string;
  /**
   * @param names Host names and IP addresses; default 127.0.0.1 and localhost.
   * @param notAfter Default: in an hour. A date that has passed makes an expired certificate.
   */
  issue(options?: { names?: string[]; notAfter?: Date }): Promise<Certificate>;
  /** A certificate that it has signed for itself, as a server's. */
  self(): Promise<Certificate>;
  /** An authority that this one vouches for; its certificates carry the chain between them. */
  delegate(): Promise<Authority>;
}

const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
const hour = 3_600_000;

interface Signer {
  certificate: x509.X509Certificate;
  keys: webcrypto.CryptoKeyPair;
}

/**
 * @param name The authority's common name.
 * @param notAfter Default: in an hour.
 */
export async function createAuthority(
  name = "Test authority",
  { notAfter }: { notAfter?: Date } = {},
): Promise<Authority> {
  return authorityOf(await createSigner(name, undefined, notAfter));
}

/** @param issuer Default: it signs itself. */
async function createSigner(
  name: string,
  issuer?: Signer,
  notAfter = new Date(Date.now() + hour),
): Promise<Signer> {
  const keys = await crypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
  const certificate = await x509.X509CertificateGenerator.create({
    subject: `CN=${name}`,
    issuer: issuer?.certificate.subject ?? `CN=${name}`,
    publicKey: keys.publicKey,
    signingKey: (issuer?.keys ?? keys).privateKey,
    signingAlgorithm: algorithm,
    notBefore: new Date(Date.now() - 2 * hour),
    notAfter,
    extensions: [new x509.BasicConstraintsExtension(true, undefined, true)],
  });
  return { certificate, keys };
}

/** @param chain what its certificates carry beside themselves */
function authorityOf({ certificate: own, keys }: Signer, chain = ""): Authority {
  return { ca: own.toString("pem"), issue, self, delegate };

  async function self(): Promise<Certificate> {
    return { key: await keyText(keys), cert: own.toString("pem") };
  }

  async function delegate(): Promise<Authority> {
    const signer = await createSigner("Test intermediate", { certificate: own, keys });
    return authorityOf(signer, `\n${signer.certificate.toString("pem")}${chain}`);
  }

  async function issue({ names = ["127.0.0.1", "localhost"], notAfter = new Date(Date.now() + hour) } = {}) {
    const leaf = await crypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
    const altNames = names.map((value) => ({
      type: /^[\d.]+$|:/.test(value) ? ("ip" as const) : ("dns" as const),
      value,
    }));
    const certificate = await x509.X509CertificateGenerator.create({
      subject: `CN=${names[0]}`,
      issuer: own.subject,
      publicKey: leaf.publicKey,
      signingKey: keys.privateKey,
      signingAlgorithm: algorithm,
      notBefore: new Date(Date.now() - 2 * hour),
      notAfter,
      extensions: [new x509.SubjectAlternativeNameExtension(altNames)],
    });
    const key = await keyText(leaf);
    return { key, cert: certificate.toString("pem") + chain };
  }
}

async function keyText({ privateKey }: webcrypto.CryptoKeyPair): Promise<string> {
  return x509.PemConverter.encode(await crypto.subtle.exportKey("pkcs8", privateKey), "PRIVATE KEY");
}

/** What an authority is asked with for a certificate: PEM, and yet none. */
export async function createRequest(name = "ci"): Promise<string> {
  const keys = await crypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
  const request = await x509.Pkcs10CertificateRequestGenerator.create({
    name: `CN=${name}`,
    keys,
    signingAlgorithm: algorithm,
  });
  return request.toString("pem");
}
