import assert from "node:assert/strict";
import { resolveConnection } from "../../../provider/core/connection/resolve.ts";
import type { Connection } from "../../../provider/core/connection/settings.ts";
import { redactor } from "../../../provider/core/http/redact.ts";
import { plain } from "../client.ts";

const blank = (settings: Connection) =>
  redactor(resolveConnection(plain, { endpoint: "https://host.test", ...settings }, () => undefined));
const hex = (text: string, digits = 2) => text.codePointAt(0)?.toString(16).padStart(digits, "0") ?? "";
const each = (text: string, write: (character: string) => string) => Array.from(text, write).join("");
const bytes = (text: string) =>
  [...Buffer.from(text, "utf8")].map((byte) => byte.toString(16).padStart(2, "0"));
const html = (text: string) =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");

/** Whatever a server, a proxy or a log may make of what was sent to it. */
const spellings: Record<string, (text: string) => string> = {
  "as it is": (text) => text,
  "in a URL": encodeURIComponent,
  "in a URL in small letters": (text) =>
    encodeURIComponent(text).replace(/%../g, (code) => code.toLowerCase()),
  "in a URL inside a URL": (text) => encodeURIComponent(encodeURIComponent(text)),
  "in a URL with every byte escaped": (text) =>
    bytes(text)
      .map((byte) => `%${byte}`)
      .join(""),
  "in a form": (text) => new URLSearchParams({ "": text }).toString().slice(1),
  "in JSON": (text) => JSON.stringify(text).slice(1, -1),
  "in JSON inside JSON": (text) => JSON.stringify(JSON.stringify(text)).slice(3, -3),
  "in JSON with every character escaped": (text) => each(text, (one) => `\\u${hex(one, 4)}`),
  "in JSON with every character escaped in capitals": (text) =>
    each(text, (one) => `\\u${hex(one, 4).toUpperCase()}`),
  "in HTML": html,
  "in HTML inside HTML": (text) => html(html(text)),
  "in HTML by decimal numbers": (text) => each(text, (one) => `&#${one.codePointAt(0)};`),
  "in HTML by hexadecimal numbers": (text) => each(text, (one) => `&#x${hex(one).toUpperCase()};`),
  "with bytes escaped as in C": (text) =>
    bytes(text)
      .map((byte) => `\\x${byte}`)
      .join(""),
  "with bytes escaped in octal, as in protobuf's text": (text) =>
    [...Buffer.from(text)].map((byte) => `\\${byte.toString(8).padStart(3, "0")}`).join(""),
  "with code points in braces": (text) => each(text, (one) => `\\u{${hex(one)}}`),
  "as escape() of JavaScript writes it": escape,
  "in HTML with a name for each sign": (text) =>
    each(
      text,
      (one) => ({ "&": "&amp;", "/": "&sol;", "+": "&plus;", ä: "&auml;", ÿ: "&yuml;" })[one] ?? one,
    ),
  "read in Latin 1": (text) => Buffer.from(text).toString("latin1"),
  "read in Windows-1252": (text) => new TextDecoder("windows-1252").decode(Buffer.from(text)),
  "read in Latin 1, in a URL": (text) => encodeURIComponent(Buffer.from(text).toString("latin1")),
  "in a URL in Latin 1": (text) => escape(text).replace(/%u\w{4}/g, encodeURIComponent),
  "with accents apart": (text) => text.normalize("NFD"),
  "with what is no ASCII lost": (text) => text.replace(/[^ -~]/g, "?"),
  "with what is no ASCII lost, byte by byte": (text) =>
    Buffer.from(text)
      .toString("latin1")
      .replace(/[^ -~]/g, "\ufffd"),
  "in hexadecimal digits": (text) => bytes(text).join(""),
  "in base64": (text) => Buffer.from(text).toString("base64"),
  "in base64 without padding": (text) => Buffer.from(text).toString("base64").replace(/=+$/, ""),
  "in base64url": (text) => Buffer.from(text).toString("base64url"),
  "in base64 in a URL": (text) => encodeURIComponent(Buffer.from(text).toString("base64")),
};

describe("a credential that somebody repeats", () => {
  const secrets = [
    "planted",
    'pl/än+ted? "x" <y>&z',
    "pla nted",
    "P1anted%2F",
    "~~~???>>>plantÿÿ",
    "hunter2",
    "hunter",
  ];
  for (const [form, spell] of Object.entries(spellings)) {
    it(`is blanked ${form}`, () => {
      for (const secret of secrets) {
        const redact = blank({ username: "jdoe", password: secret });
        assert.equal(redact(`before ${spell(secret)} after`), "before [redacted] after", secret);
      }
    });

    it(`is blanked together with the user's name ${form}, however short it is`, () => {
      for (const secret of [...secrets, "a", "node"]) {
        const redact = blank({ username: "jdoe", password: secret });
        assert.equal(
          redact(`before ${spell(`jdoe:${secret}`)} after`).includes(spell(`jdoe:${secret}`)),
          false,
          secret,
        );
      }
    });
  }

  // Of a request that is logged whole, in base64, the credential begins at any of three places.
  for (const lead of ["", "a", "ab"]) {
    it(`is blanked in base64 behind ${lead.length} other bytes`, () => {
      for (const secret of ["planted-secret", "~~~???>>>plantÿÿ"])
        for (const encoding of ["base64", "base64url"] as const) {
          const text = Buffer.from(`${lead}${secret}, and more`).toString(encoding);
          const blanked = blank({ username: "u", password: secret })(text);
          assert.match(blanked, /\[redacted\]/);
          const left = blanked.split("[redacted]").map((part) => Buffer.from(part, encoding).toString());
          assert.ok(!left.some((part) => part.includes(secret.slice(3, 9))), blanked);
        }
    });
  }

  for (const [what, encode] of [
    [
      "in base64 once more",
      (text: string) => Buffer.from(Buffer.from(text).toString("base64")).toString("base64"),
    ],
    ["in base64 of Latin 1", (text: string) => Buffer.from(text, "latin1").toString("base64")],
    ["in base64 of UTF-16", (text: string) => Buffer.from(text, "utf16le").toString("base64")],
    ["in hexadecimal digits of UTF-16", (text: string) => Buffer.from(text, "utf16le").toString("hex")],
  ] as const) {
    it(`is blanked ${what}, as the header of HTTP Basic`, () => {
      for (const password of ["planted", "plänted", "node"]) {
        const said = blank({ username: "jdoe", password })(`before ${encode(`jdoe:${password}`)} after`);
        assert.equal(said, "before [redacted] after");
      }
    });
  }

  it("is blanked in the base64 of a whole request", () => {
    const header = `Basic ${Buffer.from("jdoe:planted").toString("base64")}`;
    for (const lead of ["", " ", "  "]) {
      const request = Buffer.from(`${lead}authorization: ${header}\r\n`).toString("base64");
      const left = blank({ username: "jdoe", password: "planted" })(request).split("[redacted]");
      assert.equal(left.length, 2, request);
      assert.ok(left.every((part) => !/BsYW50ZW|bnRlZA/.test(Buffer.from(part, "base64").toString())));
    }
  });

  it("is blanked line by line where it is a key, whatever becomes of its lines", () => {
    const lines = ["MIIEvQIBADANBgkqhkiG9w0BAQEFAASC", "BKcwggSjAgEAAoIBAQC7VJTUt9Us8cKj"];
    const clientKey = `-----BEGIN PRIVATE KEY-----\n${lines.join("\n")}\n-----END PRIVATE KEY-----\n`;
    const redact = redactor({
      ...resolveConnection(plain, { endpoint: "https://host.test" }, () => undefined),
      tls: { rejectUnauthorized: true, key: clientKey },
    });
    assert.equal(redact(`key ${lines.join("")}`), "key [redacted][redacted]");
    assert.equal(redact(`key ${lines[1]}`), "key [redacted]");
  });
});

describe("a credential that is a word", () => {
  // A header X-Role: node made "redis [redacted] 2: maintenance_on" of every message.
  const harmless: [string, Connection, string][] = [
    [
      "the header X-Role: node",
      { headers: { "X-Role": "node" } },
      "redis node 2: the node is in maintenance, node 3 is not",
    ],
    [
      "the header X-Env: prod-eu",
      { headers: { "X-Env": "prod-eu" } },
      "https://prod-eu.example:9443: 503 no answer",
    ],
    ["the header X-Flag: true", { headers: { "X-Flag": "true" } }, "it is true that master is true: yes"],
    ["the password a", { username: "ops", password: "a" }, "a node has a task: maintenance_on at a: 30 %"],
    ["the password node", { username: "ops", password: "node" }, 'redis node 2, nodes: {"node": 2}'],
    [
      "the token redis",
      { token: "redis" },
      "redis node 2: enslave_node failed: redis is busy (https://redis.example)",
    ],
    ["the password up", { username: "ops", password: "up" }, '\u{E000}["up"]\u{E001} resumes it'],
  ];
  for (const [what, settings, text] of harmless) {
    it(`leaves sentences alone: ${what}`, () => assert.equal(blank(settings)(text), text));
  }

  for (const text of [
    'unknown token "node"',
    "unknown token 'node'",
    'said \\"node\\"',
    '{"x":"node"}',
    '{"x": [1, "node"]}',
    "&quot;node&quot;",
    "x=node",
    "?x=node&y=1",
    "X-Key: node",
    "{x: node, y: 1}",
    "wrong password node for ops",
    "Password: node is wrong",
    "the token is node",
    "Bearer node was refused",
    "node",
    " %6eode ",
  ]) {
    it(`is blanked where it stands as a value: ${text}`, () => {
      for (const settings of [
        { username: "jdoe", password: "node" },
        { token: "node" },
        { headers: { "X-Key": "node" } },
      ]) {
        const blanked = blank(settings)(text);
        assert.match(blanked, /\[redacted\]/);
        assert.doesNotMatch(blanked, /node|%6eode/);
      }
    });
  }

  it("is blanked anywhere where no message is made of it", () => {
    for (const password of ["hunter", "tulip", "abcd", "1234", "Rex!"]) {
      assert.equal(blank({ username: "ops", password })(`no ${password}-2 here`), "no [redacted]-2 here");
    }
  });
});
