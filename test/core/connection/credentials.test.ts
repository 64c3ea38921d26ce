import assert from "node:assert/strict";
import { resolveConnection } from "../../../provider/core/connection/resolve.ts";
import type { Connection } from "../../../provider/core/connection/settings.ts";
import { authFor } from "../../../provider/core/http/auth.ts";
import { plain } from "../client.ts";
import { configOf, endpoint, inline, refusalOf } from "./connection-cases.ts";

const oauth2 = { tokenUrl: `${endpoint}/token`, clientId: "c", clientSecret: "configured" };

describe("credentials in the environment", () => {
  afterEach(() => {
    for (const name of Object.keys(process.env)) if (name.startsWith("CLUSTEROPS_")) delete process.env[name];
  });
  const resolved = (configured: Connection, environment: Record<string, string>) => {
    for (const [field, value] of Object.entries(environment))
      process.env[`CLUSTEROPS_PLAIN_${field}`] = value;
    return resolveConnection(plain, undefined, configOf({ plain: { endpoint, ...configured } }));
  };
  const sent = async (...args: Parameters<typeof resolved>) => {
    const connection = resolved(...args);
    const askForToken = connection.oauth2 && (async () => ({ access_token: "fetched" }));
    const auth = authFor(connection, askForToken);
    return auth.headers(new AbortController().signal);
  };
  const basic = (text: string) => `Basic ${Buffer.from(text).toString("base64")}`;

  const cases: [what: string, Connection, Record<string, string>, Record<string, string>][] = [
    ["a token wins over oauth2", { oauth2 }, { TOKEN: "t" }, { authorization: "Bearer t" }],
    [
      "a token wins over basic",
      { username: "u", password: "p" },
      { TOKEN: "t" },
      { authorization: "Bearer t" },
    ],
    [
      "basic wins over a token",
      { token: "t" },
      { USERNAME: "u", PASSWORD: "p" },
      { authorization: basic("u:p") },
    ],
    ["basic wins over oauth2", { oauth2 }, { USERNAME: "u", PASSWORD: "p" }, { authorization: basic("u:p") }],
    [
      "oauth2 wins over a token",
      { token: "t" },
      { OAUTH2: JSON.stringify(oauth2) },
      { authorization: "Bearer fetched" },
    ],
    [
      "a token wins over a header, and leaves the others",
      { headers: { authorization: "Basic x", "X-Key": "k" } },
      { TOKEN: "t" },
      { authorization: "Bearer t", "X-Key": "k" },
    ],
    [
      "a header wins over basic",
      { username: "u", password: "p" },
      { HEADERS: '{"Authorization": "ApiKey k"}' },
      { authorization: "ApiKey k" },
    ],
    [
      "a user's name completes the configured password",
      { password: "p" },
      { USERNAME: "u" },
      { authorization: basic("u:p") },
    ],
    [
      "a password replaces the configured one",
      { username: "u", password: "old" },
      { PASSWORD: "p" },
      { authorization: basic("u:p") },
    ],
  ];
  for (const [what, configured, environment, headers] of cases)
    it(`win as a whole kind: ${what}`, async () =>
      assert.deepEqual(await sent(configured, environment), headers));

  it("complete half of their kind, and nothing of another", () => {
    assert.match(
      refusalOf(() => resolved({ token: "t" }, { USERNAME: "u" })).message,
      /username needs password/,
    );
  });

  it("complete an oauth2 that names its server", () => {
    assert.deepEqual(resolved({ oauth2 }, { OAUTH2: '{"clientSecret": "given"}' }).oauth2, {
      ...oauth2,
      clientSecret: "given",
    });
  });

  it("complete an oauth2 whose server they name once more", () => {
    const given = { tokenUrl: oauth2.tokenUrl, clientSecret: "given" };
    assert.deepEqual(resolved({ oauth2 }, { OAUTH2: JSON.stringify(given) }).oauth2, { ...oauth2, ...given });
  });

  it("do not send a configured secret to a server that the environment names", () => {
    const given = { tokenUrl: "https://other.test/token", clientId: "d" };
    assert.deepEqual(resolved({ oauth2 }, { OAUTH2: JSON.stringify(given) }).oauth2, given);
  });

  it("leave a client certificate alone, which goes with each of them", () => {
    const pair = { clientCert: "-----BEGIN c", clientKey: "-----BEGIN k" };
    assert.equal(
      kept(() => resolved({ ...pair, token: "t" }, { USERNAME: "u", PASSWORD: "p" })).token,
      undefined,
    );
  });

  it("are refused where they are two kinds", () => {
    const failure = refusalOf(() => resolved({}, { TOKEN: "planted", USERNAME: "u", PASSWORD: "planted" }));
    assert.equal(failure.property, "CLUSTEROPS_PLAIN_TOKEN");
    assert.match(failure.message, /than CLUSTEROPS_PLAIN_USERNAME and CLUSTEROPS_PLAIN_PASSWORD: give one/);
    assert.doesNotMatch(failure.message, /planted/);
  });
});

/** What judges certificates may refuse these two: then there is nothing to see here. */
function kept<T extends object>(work: () => T): Partial<T> {
  try {
    return work();
  } catch {
    return {};
  }
}

describe("credentials of two kinds in one source", () => {
  const two: [Connection, string][] = [
    [{ username: "u", password: "planted", token: "planted" }, "token"],
    [{ token: "planted", oauth2 }, "oauth2"],
    [{ username: "u", password: "planted", oauth2 }, "oauth2"],
  ];
  for (const [connection, field] of two) {
    it(`are refused under the second: ${field}, inline and in stack config`, () => {
      const config = configOf({ plain: { endpoint, ...connection } });
      const failures = [
        [`connection.${field}`, refusalOf(() => inline({ endpoint, ...connection }))],
        [
          `clusterops:connections.plain.${field}`,
          refusalOf(() => resolveConnection(plain, undefined, config)),
        ],
      ] as const;
      for (const [property, failure] of failures) {
        assert.equal(failure.property, property);
        assert.match(failure.message, /is another kind of credentials than .*: give one of them/);
        assert.doesNotMatch(failure.message, /planted/);
      }
    });
  }
});

describe("the variables of a connection", () => {
  afterEach(() => {
    for (const name of Object.keys(process.env)) if (name.startsWith("CLUSTEROPS_")) delete process.env[name];
  });

  for (const [name, prefix] of [
    ["dc-east", "CLUSTEROPS_DC_EAST_"],
    ["dcWest", "CLUSTEROPS_DC_WEST_"],
    ["dc.north-1", "CLUSTEROPS_DC_NORTH_1_"],
    ["DCSouth", "CLUSTEROPS_DCSOUTH_"],
  ] as const) {
    it(`of ${name} begin with ${prefix}`, () => {
      process.env[`${prefix}ENDPOINT`] = endpoint;
      assert.deepEqual(resolveConnection(plain, name, () => undefined).endpoints, [endpoint]);
    });
  }

  it("that are those of two connections are refused, once there are some", () => {
    const config = configOf({ "dc-east": { endpoint }, dcEast: { endpoint: "https://b.test" } });
    assert.deepEqual(resolveConnection(plain, "dcEast", config).endpoints, ["https://b.test"]);
    process.env.CLUSTEROPS_DC_EAST_TOKEN = "planted";
    const failure = refusalOf(() => resolveConnection(plain, "dcEast", config));
    assert.equal(failure.property, "CLUSTEROPS_DC_EAST_TOKEN");
    assert.equal(
      failure.message,
      'is the variable of two connections, "dcEast" and "dc-east": give one of them another name',
    );
  });
});
