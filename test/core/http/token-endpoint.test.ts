import assert from "node:assert/strict";
import { resolveConnection } from "../../../provider/core/connection/resolve.ts";
import type { OAuth2 } from "../../../provider/core/connection/settings.ts";
import { StatusError, TokenError } from "../../../provider/core/data/errors.ts";
import { openHttp } from "../../../provider/core/http/http.ts";
import { createAuthority } from "../../support/certificates.ts";
import { failureOf, get, open, plain } from "../client.ts";
import { configOf, inline, refusalOf } from "../connection/connection-cases.ts";
import { type LocalServer, type Reply, type Seen, serve } from "../server.ts";

const client = { clientId: "ci:1 ü", clientSecret: "planted+secret/%&" };
/** Each part encoded as in a form (RFC 6749, 2.3.1). */
const encoded = Buffer.from("ci%3A1+%C3%BC:planted%2Bsecret%2F%25%26").toString("base64");
const token = { body: { access_token: "t", expires_in: 300 } };
const basicWanted = { status: 401, headers: { "www-authenticate": 'Basic realm="tokens"' } };

const asksBasic = ({ headers }: Seen) => headers.authorization?.startsWith("Basic ");
const hasSecret = ({ body }: Seen) => new URLSearchParams(body).has("client_secret");

/** A token endpoint, and what needs its tokens. */
async function tokens(answer: (request: Seen, number: number) => Reply | undefined) {
  const asked: Seen[] = [];
  const server = await serve((request) => {
    if (request.url !== "/token") return { status: request.headers.authorization === "Bearer t" ? 200 : 401 };
    return answer(request, asked.push(request) - 1);
  });
  return Object.assign(server, { asked, calls: () => server.requests.length - asked.length });
}

const way = (server: LocalServer, oauth2: Partial<OAuth2> = client) =>
  open(server.url, { oauth2: { tokenUrl: `${server.url}/token`, ...oauth2 }, requestTimeout: "1s" });
const once = { patience: "once" } as const;

describe("a token endpoint that takes HTTP Basic only", () => {
  const refusals: [what: string, refusal: Reply][] = [
    ["401 and the scheme", { ...basicWanted, body: "no" }],
    [
      "401 and several schemes",
      { status: 401, headers: { "www-authenticate": 'Negotiate, basic realm="x"' } },
    ],
    ["400 and the scheme", { ...basicWanted, status: 400 }],
    [
      "401 invalid_client",
      { status: 401, body: { error: "invalid_client", error_description: "no client" } },
    ],
    // The status of all errors of RFC 6749, 5.2; a 401 is one that it may have.
    ["400 invalid_client", { status: 400, body: { error: "invalid_client" } }],
    ["401 and nothing else", { status: 401 }],
    ["401 and a page", { status: 401, body: "<html><title>Unauthorized</title></html>" }],
    ["401 of a framework", { status: 401, body: { status: 401, error: "Unauthorized", path: "/token" } }],
  ];
  for (const [what, refusal] of refusals) {
    it(`is found out by ${what}, once`, async () => {
      let isOld = false;
      await using server = await tokens((request) =>
        asksBasic(request) && !hasSecret(request)
          ? { body: { access_token: "t", expires_in: isOld ? 300 : 0.01 } }
          : refusal,
      );
      const http = way(server);
      await get(http);
      isOld = true;
      await new Promise((resolve) => setTimeout(resolve, 20));
      await get(http);
      assert.deepEqual(server.asked.map(asksBasic), [undefined, true, true]);
      assert.equal(server.asked[1]?.headers.authorization, `Basic ${encoded}`);
      assert.equal(server.asked[1]?.body, "grant_type=client_credentials");
    });
  }

  it("is asked so at once with tokenAuth basic, also for a user's token", async () => {
    await using server = await tokens((request) => (asksBasic(request) ? token : basicWanted));
    const user = { username: "jdoe", password: "p" };
    await get(way(server, { ...client, ...user, tokenAuth: "basic", grantType: "password" }));
    assert.deepEqual(
      server.asked.map(({ body }) => body),
      ["grant_type=password&username=jdoe&password=p"],
    );
  });

  it("is not shown the secret in another way than tokenAuth says", async () => {
    for (const tokenAuth of ["body", "basic"] as const) {
      await using server = await tokens(() => ({ ...basicWanted, body: { error: "invalid_client" } }));
      await failureOf(get(way(server, { ...client, tokenAuth })));
      assert.equal(server.asked.length, 1);
    }
  });

  for (const refusal of [
    { status: 401, body: { error: "invalid_grant" } },
    { status: 400, body: { error: "unauthorized_client" } },
    { status: 400 },
    { status: 401, headers: { "www-authenticate": "Negotiate" } },
  ] as Reply[]) {
    it(`is not looked for behind ${JSON.stringify(refusal)}`, async () => {
      await using server = await tokens(() => refusal);
      await failureOf(get(way(server)));
      assert.deepEqual(server.asked.map(asksBasic), [undefined]);
    });
  }

  it("is not looked for with a user's password where the password may be what was refused", async () => {
    await using server = await tokens(() => ({ status: 401 }));
    await failureOf(get(way(server, { ...client, grantType: "password", username: "u", password: "p" })));
    assert.equal(server.asked.length, 1);
  });

  it("that refuses both says what it said first, and that the other was tried", async () => {
    await using server = await tokens((request) => ({
      status: 401,
      body: {
        error: "invalid_client",
        error_description: `${request.headers.authorization} ${request.body}`,
      },
    }));
    const failure = await failureOf(get(way(server)));
    assert.ok(failure instanceof TokenError && failure.cause instanceof StatusError);
    assert.match(failure.message, /\/token: 401 invalid_client: .* \(HTTP Basic was answered with 401\)$/);
    assert.doesNotMatch(failure.message, /planted/);
    assert.ok(!failure.message.includes(encoded));
    assert.equal(server.asked.length, 2, "nothing is tried for a third time");
    assert.equal(way(server).redact(`a ${encoded} b`), "a [redacted] b");
  });

  it("that is out of order when asked so is asked again", async () => {
    await using server = await tokens((request, number) =>
      asksBasic(request)
        ? number === 1
          ? { status: 503, headers: { "retry-after": "0" } }
          : token
        : basicWanted,
    );
    assert.equal((await get(way(server))).status, 200);
    assert.deepEqual(server.asked.map(asksBasic), [undefined, true, undefined, true]);
  });

  for (const missing of ["clientId", "clientSecret"] as const) {
    it(`needs ${missing}`, () => {
      const oauth2 = { tokenUrl: "https://a.test", ...client, [missing]: undefined, tokenAuth: "basic" };
      const failure = refusalOf(() => inline({ endpoint: "https://host.test", oauth2 }));
      assert.equal(failure.property, `connection.oauth2.${missing}`);
      assert.match(failure.message, /^is missing: tokenAuth "basic" needs client/);
    });
  }
});

describe("the answer of a token endpoint", () => {
  const failures: [what: string, reply: Reply, said: RegExp][] = [
    [
      "an error with 200",
      { body: { error: "invalid_scope", error_description: "no planted+secret/%&" } },
      /answered without an access_token: invalid_scope: no \[redacted\]$/,
    ],
    ["a token that is all the answer", { body: '"planted.token"' }, /answered without an access_token$/],
    ["a token as bare text", { body: '["planted.token"]' }, /answered without an access_token$/],
    ["a token under another name", { body: { message: "planted.token" } }, /without an access_token$/],
    ["a token where an error stands", { body: { error: "planted.token" } }, /without an access_token$/],
    [
      "a token of another type",
      { body: { access_token: "t", token_type: "mac" } },
      /its token_type is "mac", and only bearer tokens can be sent$/,
    ],
    [
      "a token that cannot be sent",
      { body: { access_token: "planted\nt" } },
      /it has a character that no header can carry$/,
    ],
    [
      "a page to sign in",
      { status: 302, headers: { location: "https://login.test/?planted" } },
      /302 redirect to https:\/\/login\.test\/, which is not followed: check oauth2\.tokenUrl$/,
    ],
    [
      "a redirect to nowhere",
      { status: 307 },
      /307 redirect, which is not followed: check oauth2\.tokenUrl$/,
    ],
    [
      "a redirect with a password",
      { status: 308, headers: { location: "http://a:planted@b.test/" } },
      /308 redirect .*: check oauth2\.tokenUrl$/,
    ],
    [
      "an endpoint that has moved",
      { status: 308, headers: { location: "https://new.test/oauth/token?planted" } },
      /308 redirect to https:\/\/new\.test\/oauth\/token, which is not followed: if that is the token endpoint, set oauth2\.tokenUrl to https:\/\/new\.test\/oauth\/token$/,
    ],
  ];
  for (const [what, reply, said] of failures) {
    it(`is told where it is ${what}`, async () => {
      await using server = await tokens(() => reply);
      const failure = await failureOf(get(way(server), "/", once));
      assert.ok(failure instanceof TokenError);
      assert.match(failure.message, said);
      assert.doesNotMatch(failure.message, /planted/);
      assert.deepEqual([server.asked.length, server.calls(), failure.effect], [1, 0, "no"]);
    });
  }

  it("names the line of configuration where the endpoint has moved", async () => {
    await using server = await tokens(() => ({ status: 301, headers: { location: "/new/token" } }));
    const oauth2 = { tokenUrl: `${server.url}/token`, ...client };
    const http = openHttp(
      resolveConnection(plain, "east", configOf({ east: { endpoint: server.url, oauth2 } })),
    );
    assert.match((await failureOf(get(http))).message, /connections\.east\.oauth2\.tokenUrl.*\/new\/token/);
  });

  for (const [what, answer] of [
    ["of 201", { status: 201, ...token }],
    ["whose type is spelled in its own way", { body: { access_token: "t", token_type: "BearerToken" } }],
    ["with a life in text", { body: { access_token: "t", expires_in: "300" } }],
    ["with a life of 0, which is for ever to some", { body: { access_token: "t", expires_in: 0 } }],
    ["with a life before now", { body: { access_token: "t", expires_in: -1 } }],
    ["with a life that is none", { body: { access_token: "t", expires_in: "soon" } }],
    ["that begins with a byte order mark", { body: `\ufeff${JSON.stringify(token.body)}` }],
  ] as const) {
    it(`is kept for some time ${what}`, async () => {
      await using server = await tokens(() => answer as Reply);
      const http = way(server);
      for (let count = 0; count < 3; count++) await get(http);
      assert.equal(server.asked.length, 1);
    });
  }

  it("comes over TLS with the connection's client certificate", async () => {
    const authority = await createAuthority();
    const asking = { ca: authority.ca, requestCert: true, rejectUnauthorized: true };
    const { cert, key } = await authority.issue({ names: ["ci"] });
    await using server = await serve(({ url }) => (url === "/token" ? token : {}), {
      ...(await authority.issue()),
      ...asking,
    });
    const settings = { caCert: authority.ca, clientCert: cert, clientKey: key };
    const oauth2 = { tokenUrl: `${server.url}/token`, clientId: "ci" };
    await get(open(server.url, { ...settings, oauth2 }));
    assert.equal(server.requests[0]?.body, "grant_type=client_credentials&client_id=ci");
  });
});
