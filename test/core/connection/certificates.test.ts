import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { chmodSync } from "node:fs";
import { contextFor } from "../../support/context.ts";
import { fake, inputs } from "../fake.ts";
import { endpoint, inline, refusalOf } from "./connection-cases.ts";
import { base64, type Refused, refuses, type Texts, withPem } from "./pem-cases.ts";

const indented = (text: string) => text.replace(/^/gm, "    ");
const oneLine = (text: string) => text.trim().replaceAll("\n", " ");
const escaped = (text: string) => text.replaceAll("\n", "\\n");

describe("certificates of authorities", () => {
  const { texts, folder, file } = withPem();

  const refused: Refused[] = [
    ["nothing but blanks", "caCert", () => ({ caCert: " \n" }), /^is empty/],
    ["an empty file", "caCert", () => ({ caCert: file("empty.pem", "") }), /empty\.pem is empty$/],
    [
      "a file without PEM",
      "caCert",
      () => ({ caCert: file("x.pem", "hello") }),
      /x\.pem has no -----BEGIN line/,
    ],
    [
      "a file that is not there",
      "caCert",
      () => ({ caCert: `${folder}/no.pem` }),
      /no\.pem is neither .*: there is no such file$/,
    ],
    ["a folder", "caCert", () => ({ caCert: folder }), /\/pem-\w+ is neither .*: it is a folder$/],
    [
      "a path that only a shell knows",
      "caCert",
      () => ({ caCert: "~/no/ca.pem" }),
      /^~\/no\/ca\.pem is neither .*only a shell knows ~/,
    ],
    [
      "DER",
      "caCert",
      ({ ca }) => ({ caCert: file("ca.der", new X509Certificate(ca).raw) }),
      /ca\.der is in DER: openssl x509 -inform DER/,
    ],
    [
      "PKCS#12",
      "caCert",
      () => ({ caCert: file("a.p12", Buffer.from("3010020103300b06092a864886f70d010701", "hex")) }),
      /a\.p12 is PKCS#12: openssl pkcs12/,
    ],
    [
      "base64 of PEM",
      "caCert",
      ({ ca }) => ({ caCert: base64(ca) }),
      /^the value is neither .*in base64 once more.*: decode it/,
    ],
    [
      "base64 without its frame",
      "caCert",
      ({ ca }) => ({ caCert: ca.replace(/-----.*-----/g, "") }),
      /base64 without its -----BEGIN/,
    ],
    ["a private key", "caCert", ({ key }) => ({ caCert: key }), /^holds a private key, not a certificate$/],
    [
      "a certificate request",
      "caCert",
      ({ request }) => ({ caCert: request }),
      /^holds a certificate request.*not a certificate$/,
    ],
    [
      "literal \\n",
      "caCert",
      ({ ca }) => ({ caCert: escaped(ca) }),
      /^has \\n, two characters, in place of line breaks: write it/,
    ],
    [
      "literal \\n in a file",
      "caCert",
      ({ ca }) => ({ caCert: file("n.pem", escaped(ca)) }),
      /n\.pem has \\n, two characters/,
    ],
    [
      "blanks for line breaks",
      "caCert",
      ({ ca }) => ({ caCert: oneLine(ca) }),
      /^has blanks, or nothing at all, in place of line breaks/,
    ],
    [
      "no line breaks at all",
      "caCert",
      ({ ca }) => ({ caCert: ca.replaceAll("\n", "") }),
      /^has blanks, or nothing at all/,
    ],
    ["blanks before its lines", "caCert", ({ ca }) => ({ caCert: indented(ca) }), /^is indented/],
    ["a quote before it", "caCert", ({ ca }) => ({ caCert: `"${ca}"` }), /^has something before -----BEGIN/],
    ["its end cut off", "caCert", ({ ca }) => ({ caCert: ca.slice(0, -40) }), /^is cut off/],
    [
      "a broken one among others",
      "caCert",
      ({ ca, foreign }) => ({ caCert: foreign + ca.replace(/\n..../, "\nAAAA") }),
      /^holds 2 certificates, of which number 2 is one that cannot be read/,
    ],
  ];
  refuses(refused, texts);

  it("are refused without the permission to read them", function () {
    const path = file("closed.pem", texts.ca);
    chmodSync(path, 0);
    // The superuser may read everything.
    if (process.getuid?.() === 0) this.skip();
    assert.match(
      refusalOf(() => inline({ endpoint, caCert: path })).message,
      /the permission to read it is missing$/,
    );
  });

  const taken: [what: string, value: (of: Texts) => string][] = [
    ["with line ends of Windows", ({ ca }) => ca.replaceAll("\n", "\r\n")],
    ["with a byte order mark", ({ ca }) => `\ufeff${ca}`],
    [
      "in a file of UTF-16, as PowerShell writes",
      ({ ca }) => file("16.pem", Buffer.from(`\ufeff${ca}`, "utf16le")),
    ],
    ["with blanks behind its lines", ({ ca }) => ca.replaceAll("\n", "  \n")],
    ["without a line break at the end", ({ ca }) => ca.trim()],
    ["after what openssl says of it", ({ ca }) => `subject=CN=x\n    Validity\n${ca}`],
    ["beside a private key, which goes nowhere", ({ ca, key }) => key + ca],
  ];
  for (const [what, value] of taken) {
    it(`are taken ${what}`, () => {
      const { tls } = inline({ endpoint, caCert: value(texts) });
      assert.equal(tls.ca, `${texts.ca.trim()}\n`);
    });
  }

  it("are taken in a bundle, also of files whose last line has no end", () => {
    const { ca, foreign, cert } = texts;
    const { tls } = inline({ endpoint, caCert: [ca, foreign, cert].map((text) => text.trim()).join("") });
    assert.equal(tls.ca?.match(/BEGIN CERTIFICATE/g)?.length, 3);
  });

  it("are judged by check where they stand in the program, by plan where configuration has them", async () => {
    const caCert = escaped(texts.ca);
    const configured = contextFor({ plain: { endpoint, caCert } });
    for (const [connection, property] of [
      [{ endpoint, caCert }, "connection.caCert"],
      [undefined, "clusterops:connections.plain.caCert"],
    ] as const) {
      const { failures } = await fake().check(configured, undefined, { ...inputs, connection });
      assert.deepEqual(
        failures.map((failure) => failure.property),
        [property],
      );
      assert.match(failures[0]?.reason ?? "", /has \\n, two characters/);
    }
  });
});
