import assert from "node:assert/strict";
import { createPrivateKey } from "node:crypto";
import { endpoint, inline } from "./connection-cases.ts";
import { base64, type Refused, refuses, withPem } from "./pem-cases.ts";

const sealed = (key: string, format: object) =>
  createPrivateKey(key).export({
    format: "pem",
    cipher: "aes-256-cbc",
    passphrase: "planted",
    ...format,
  } as never) as string;

describe("client certificates and their keys", () => {
  const { texts, file } = withPem();

  const refused: Refused[] = [
    [
      "a key that is encrypted",
      "clientKey",
      ({ cert, key }) => ({ clientCert: cert, clientKey: sealed(key, { type: "pkcs8" }) }),
      /^is encrypted.*openssl pkey/,
    ],
    [
      "one that is encrypted in the old way",
      "clientKey",
      ({ cert, key }) => ({ clientCert: cert, clientKey: sealed(key, { type: "sec1" }) }),
      /^is encrypted.*openssl pkey/,
    ],
    [
      "another's key",
      "clientKey",
      ({ cert, strangersKey }) => ({ clientCert: cert, clientKey: strangersKey }),
      /^is not the key of clientCert/,
    ],
    [
      "key and certificate exchanged",
      "clientCert",
      ({ cert, key }) => ({ clientCert: key, clientKey: cert }),
      /^holds the private key, and clientKey the certificate: exchange the two$/,
    ],
    [
      "a certificate for a key",
      "clientKey",
      ({ cert }) => ({ clientCert: cert, clientKey: cert }),
      /^holds a certificate, not a private key$/,
    ],
    [
      "a key for a certificate",
      "clientCert",
      ({ key }) => ({ clientCert: key, clientKey: key }),
      /^holds a private key, not a certificate$/,
    ],
    [
      "a public key",
      "clientKey",
      ({ cert }) => ({
        clientCert: cert,
        clientKey: "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n",
      }),
      /^holds a public key, not a private key$/,
    ],
    [
      "an SSH key",
      "clientKey",
      ({ cert }) => ({
        clientCert: cert,
        clientKey: "-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n-----END OPENSSH PRIVATE KEY-----\n",
      }),
      /^holds an SSH key, not a private key$/,
    ],
    [
      "a broken key",
      "clientKey",
      ({ cert, key }) => ({ clientCert: cert, clientKey: key.replace(/\n..../, "\nAAAA") }),
      /^holds a private key that cannot be read/,
    ],
    [
      "a key in DER",
      "clientKey",
      ({ cert, key }) => ({
        clientCert: cert,
        clientKey: file("key.der", createPrivateKey(key).export({ format: "der", type: "pkcs8" })),
      }),
      /key\.der is a private key in DER: openssl pkey -inform DER/,
    ],
    [
      "base64 of a key",
      "clientKey",
      ({ cert, key }) => ({ clientCert: cert, clientKey: base64(key) }),
      /^the value is neither .*in base64 once more/,
    ],
    [
      "the chain before the certificate",
      "clientCert",
      ({ ca, cert, key }) => ({ clientCert: ca + cert, clientKey: key }),
      /^begins with another certificate than that of clientKey/,
    ],
  ];
  refuses(refused, texts);

  it("are taken out of one file that holds both", () => {
    const { cert, key } = texts;
    const both = file("both.pem", key + cert);
    const { tls } = inline({ endpoint, clientCert: both, clientKey: both });
    assert.deepEqual(
      [tls.cert, tls.key].map((text) => text?.trim()),
      [cert.trim(), key.trim()],
    );
  });
});
