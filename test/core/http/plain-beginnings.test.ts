import assert from "node:assert/strict";
import { mayHold } from "../../../provider/core/http/plain-beginnings.ts";
import { beginningOf, encodedBeginningsOf } from "../../../provider/core/http/spellings.ts";
import { generator } from "../../support/generator.ts";

const secrets = [
  "planted-token-0451",
  "f00dcafe9b",
  "Pa55/w+rd-é",
  "a b c d e",
  "~~~???>>>",
  "über-geheim",
  "user:pass",
];

/** Ways in which a server or a proxy writes a text down. */
const spell: Record<string, (text: string) => string> = {
  "as it is": (text) => text,
  "in JSON": (text) => JSON.stringify(text),
  "in JSON with every sign escaped": (text) =>
    Array.from(text, (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, "0")}`).join(""),
  "in a URL": (text) =>
    Array.from(Buffer.from(text), (byte) => `%${byte.toString(16).padStart(2, "0")}`).join(""),
  "in HTML": (text) => Array.from(text, (one) => `&#${one.codePointAt(0)};`).join(""),
  "in base64": (text) => Buffer.from(text).toString("base64"),
  "in base64url, with more before it": (text) => Buffer.from(`x:${text}`).toString("base64url"),
  "in UTF-16 and base64": (text) => Buffer.from(text, "utf16le").toString("base64"),
  "in hexadecimal digits": (text) => Buffer.from(text).toString("hex"),
  "in large hexadecimal digits": (text) => Buffer.from(text).toString("hex").toUpperCase(),
};

describe("a text may hold a secret", () => {
  for (const [how, write] of Object.entries(spell))
    it(`that is written ${how}`, () => {
      for (const secret of secrets)
        assert.ok(mayHold([secret], [secret], [])(`it said: ${write(secret)}, and more`), secret);
    });

  it("wherever a pattern finds one, whatever stands there", () => {
    const next = generator(1);
    const signs = "plantedPLfuser:0123456789abcdefABCDEF%\\&#;ux/+-_= ";
    for (let round = 0; round < 3_000; round++) {
      const secret = secrets[Math.floor(next() * secrets.length)] as string;
      const patterns = [beginningOf(secret), ...encodedBeginningsOf(secret)];
      const written = Object.values(spell)[Math.floor(next() * Object.keys(spell).length)]?.(secret) ?? "";
      const noise = Array.from({ length: 6 }, () => signs[Math.floor(next() * signs.length)]).join("");
      const at = Math.floor(next() * written.length);
      const text = written.slice(0, at) + (next() < 0.5 ? noise : "") + written.slice(at);
      if (new RegExp(patterns.join("|")).test(text)) assert.ok(mayHold([secret], [secret], [])(text), text);
    }
  });

  it("unless nothing in it begins like one", () => {
    const isPossible = mayHold(["planted-token-0451"], ["planted-token-0451"], []);
    for (const text of ["redis node 2: maintenance_on running, 40 %", "GET https://redis:9443/v1/nodes: 404"])
      assert.equal(isPossible(text), false, text);
  });
});
