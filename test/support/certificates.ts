// tsyringe, inside @peculiar/x509, wants it first.
import "reflect-metadata";
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
}

const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
const hour = 3_600_000;

/** @param name The authority's common name. */
export async function createAuthority(name = "Test authority"): Promise<Authority> {
  const keys = await crypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
  const own = await x509.X509CertificateGenerator.createSelfSigned({
    name: `CN=${name}`,
    keys,
    signingAlgorithm: algorithm,
    notBefore: new Date(Date.now() - 2 * hour),
    notAfter: new Date(Date.now() + hour),
    extensions: [new x509.BasicConstraintsExtension(true, undefined, true)],
  });
  return { ca: own.toString("pem"), issue };

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
    const key = x509.PemConverter.encode(
      await crypto.subtle.exportKey("pkcs8", leaf.privateKey),
      "PRIVATE KEY",
    );
    return { key, cert: certificate.toString("pem") };
  }
}
