import assert from "node:assert/strict";
import { resolveConnection } from "../../../provider/core/connection/resolve.ts";
import type { Connection } from "../../../provider/core/connection/settings.ts";
import { excerpt, redactor } from "../../../provider/core/http/redact.ts";
import { createAuthority } from "../../support/certificates.ts";
import { plain } from "../client.ts";

const secret = 'plant/ed "secret"';
const blank = (settings: Connection) =>
  redactor(resolveConnection(plain, { endpoint: "https://host.test", ...settings }, () => undefined));

describe("a connection's credentials", () => {
  const places: [string, Connection][] = [
    ["password", { username: "jdoe", password: secret }],
    ["token", { token: secret }],
    ["header", { headers: { "x-key": secret } }],
    ["OAuth 2 password", { oauth2: { tokenUrl: "https://a.test", username: "jdoe", password: secret } }],
    ["OAuth 2 client secret", { oauth2: { tokenUrl: "https://a.test", clientSecret: secret } }],
    ["proxy's password", { proxy: `http://ci:${encodeURIComponent(secret)}@proxy.test` }],
  ];
  for (const [what, settings] of places) {
    for (const [form, text] of [
      ["as it is", secret],
      ["in a URL", encodeURIComponent(secret)],
      ["in JSON", JSON.stringify({ a: secret })],
    ] as const) {
      it(`are blanked out of a text: the ${what} ${form}`, () => {
        const blanked = blank(settings)(`before ${text} after`);
        assert.match(blanked, /^before .*\[redacted\].* after$/);
        assert.doesNotMatch(blanked, /plant/);
      });
    }
  }

  it("are blanked out of a text: the client key, as it is, in a URL, in JSON", async () => {
    const { cert, key } = await (await createAuthority()).issue();
    for (const text of [key, encodeURIComponent(key), JSON.stringify({ a: key })])
      assert.match(
        blank({ clientCert: cert, clientKey: key })(`before ${text} after`),
        /^before .*\[redacted\].* after$/s,
      );
  });

  const spaced = 'ge"heim\t und  planted/ü';
  for (const [form, text] of [
    ["with its blanks run together", spaced.replace(/\s+/g, " ")],
    ["in JSON inside JSON", JSON.stringify(JSON.stringify({ a: spaced }))],
    ["in JSON whose slashes and quotes are escaped", JSON.stringify(spaced).replaceAll("/", "\\/")],
    ["in JSON of ASCII", JSON.stringify(spaced).replace("ü", "\\u00FC").replace('\\"', "\\u0022")],
    ["in a URL in small letters", encodeURIComponent(spaced).toLowerCase()],
    ["in a form", new URLSearchParams({ a: spaced }).toString()],
    ["in HTML", spaced.replace('"', "&quot;")],
  ] as const) {
    it(`are blanked out ${form}`, () => {
      const blanked = blank({ username: "jdoe", password: spaced })(`before ${text} after`);
      assert.match(blanked, /^before .*\[redacted\].* after$/);
      assert.doesNotMatch(blanked, /heim|planted/);
    });
  }

  it("are blanked out before a text is cut: a part of one would not be found", () => {
    const redact = blank({ token: "abcdefghijklmnop" });
    assert.doesNotMatch(excerpt(`${"x".repeat(288)}abcdefghijklmnop and more`, redact), /abc/);
  });

  it("are blanked out of a long text of backslashes in a moment", () => {
    const redact = blank({ username: "jdoe", password: '"\\secret\\"' });
    const text = "\\".repeat(1_000_000);
    assert.equal(redact(text), text);
  });

  it("are blanked out as they travel in basic authentication", () => {
    const basic = Buffer.from("jdoe:planted").toString("base64");
    assert.equal(blank({ username: "jdoe", password: "planted" })(`Basic ${basic}`), "Basic [redacted]");
  });

  it("are blanked out as they travel to a proxy", () => {
    const valid = Buffer.from("ci:planted/").toString("base64");
    assert.equal(blank({ proxy: "http://ci:planted%2F@proxy.test" })(valid), "[redacted]");
  });

  it("that are part of each other leave nothing of the longer one", () => {
    const blanked = blank({ token: "planted", headers: { a: "planted-and-more" } })(
      "planted-and-more planted",
    );
    assert.equal(blanked, "[redacted] [redacted]");
  });

  it("say nothing of the user's name", () => {
    assert.equal(blank({ username: "jdoe", password: "planted" })("jdoe at 9443"), "jdoe at 9443");
  });

  for (const settings of [
    { username: "", password: "" },
    { oauth2: { tokenUrl: "https://a.test", clientId: "", clientSecret: "" } },
  ])
    it(`that are empty blank nothing: ${Object.keys(settings)[0]}`, () => {
      const text = "GET https://host.test:9443/v1: 404";
      assert.equal(blank(settings)(text), text);
    });

  // A header such as X-Env: prod made "[redacted]-38c7" of the task id prod-38c7: the next up took its task for another's.
  it("leave alone, in data, what may be a part of an id: short ones, and headers that are none", () => {
    const settings = {
      username: "jdoe",
      password: "node",
      headers: { "X-Env": "production", "X-Api-Key": "planted-key" },
    };
    const redact = blank(settings);
    assert.equal(redact("production-node-1 planted-key", "data"), "production-node-1 [redacted]");
    assert.equal(redact("production-node-1 planted-key"), "production-node-1 [redacted]");
  });
});
