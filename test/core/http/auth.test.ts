import assert from "node:assert/strict";
import type { Connection } from "../../../provider/core/connection/settings.ts";
import { StatusError, TokenError } from "../../../provider/core/data/errors.ts";
import { failureOf, get, open, plain } from "../client.ts";
import { nobody, type Reply, type Seen, serve } from "../server.ts";

const client = { clientId: "ci", clientSecret: "planted-secret" };
const user = { username: "jdoe", password: "planted-password" };

describe("credentials", () => {
  const sentWith = async (settings: Connection, system = plain) => {
    await using server = await serve(() => ({}));
    await get(open(server.url, settings, system));
    return server.requests[0]?.headers ?? {};
  };

  it("are sent as basic, bearer, or in the vendor's own scheme", async () => {
    const basic = (await sentWith({ username: "jörg", password: "p:w" })).authorization;
    assert.equal(basic, `Basic ${Buffer.from("jörg:p:w").toString("base64")}`);
    assert.equal((await sentWith({ token: "t" })).authorization, "Bearer t");
    assert.equal((await sentWith({ token: "t" }, { ...plain, tokenScheme: "JWT" })).authorization, "JWT t");
    assert.equal((await sentWith({})).authorization, undefined);
  });

  it("may be headers, beside or in place of the others", async () => {
    const headers = await sentWith({ token: "t", headers: { "X-FF-API-Key": "k", authorization: "Own x" } });
    assert.deepEqual([headers["x-ff-api-key"], headers.authorization], ["k", "Own x"]);
  });

  it("beside headers that each request has go out once, as the user wants those", async () => {
    await using server = await serve((_request, _number, response) => {
      assert.equal(response.req.rawHeaders.filter((name) => /^(accept|user-agent)$/i.test(name)).length, 2);
      return {};
    });
    const headers = { Accept: "application/vnd.own+json", "USER-AGENT": "own" };
    await get(open(server.url, { token: "t", headers }));
    assert.deepEqual(
      [server.requests[0]?.headers.accept, server.requests[0]?.headers["user-agent"]],
      ["application/vnd.own+json", "own"],
    );
  });

  it("that are refused are not sent twice when there is nothing to renew", async () => {
    await using server = await serve(() => ({ status: 401 }));
    await failureOf(get(open(server.url, { token: "t" })));
    assert.equal(server.requests.length, 1);
  });
});

/** An API with a token endpoint: tokens are `t0`, `t1`, ... and only the newest is taken. */
async function tokenServer(grant: (number: number) => Reply | undefined = () => ({})) {
  const forms: URLSearchParams[] = [];
  let valid = true;
  const server = await serve((request: Seen) => {
    if (request.url === "/token") {
      const number = forms.push(new URLSearchParams(request.body)) - 1;
      const reply = grant(number);
      const body = reply?.body ?? { access_token: `t${number}`, expires_in: 300 };
      valid = true;
      return reply && { ...reply, body };
    }
    const isNewest = request.headers.authorization === `Bearer t${forms.length - 1}`;
    return { status: valid && isNewest ? 200 : 401, body: request.headers.authorization ?? "" };
  });
  return Object.assign(server, {
    forms,
    revoke: () => {
      valid = false;
    },
    calls: () => server.requests.filter(({ url }) => url !== "/token").length,
  });
}

describe("an access token", () => {
  const way = (server: { url: string }, oauth2: object = client) =>
    open(server.url, { oauth2: { tokenUrl: `${server.url}/token`, ...oauth2 }, requestTimeout: "1s" });

  for (const [what, oauth2, form] of [
    ["client credentials by default", { ...client }, { grant_type: "client_credentials" }],
    [
      "client credentials with a scope",
      { ...client, grantType: "client_credentials", scope: "a b" },
      { grant_type: "client_credentials", scope: "a b" },
    ],
    [
      "a user's password",
      { ...client, ...user, grantType: "password" },
      { grant_type: "password", username: "jdoe", password: "planted-password" },
    ],
  ] as const) {
    it(`is had for ${what}`, async () => {
      await using server = await tokenServer();
      assert.equal((await get(way(server, oauth2))).body, "Bearer t0");
      assert.deepEqual(Object.fromEntries(server.forms[0] ?? []), {
        client_id: "ci",
        client_secret: "planted-secret",
        ...form,
      });
      const [request] = server.requests;
      assert.deepEqual(
        [request?.method, request?.headers["content-type"], request?.headers.authorization],
        ["POST", "application/x-www-form-urlencoded", undefined],
      );
    });
  }

  it("is kept over many requests, and fetched once by those that come at the same time", async () => {
    await using server = await tokenServer();
    const http = way(server);
    await Promise.all(Array.from({ length: 20 }, () => get(http)));
    await get(http);
    assert.deepEqual([server.forms.length, server.calls()], [1, 21]);
  });

  it("is renewed before it expires", async () => {
    await using server = await tokenServer(() => ({ body: undefined }));
    await using brief = await tokenServer((number) => ({
      body: { access_token: `t${number}`, expires_in: 0.2 },
    }));
    const [longLived, shortLived] = [way(server), way(brief)];
    for (const http of [longLived, shortLived]) await get(http);
    await new Promise((resolve) => setTimeout(resolve, 190));
    for (const http of [longLived, shortLived]) assert.equal((await get(http)).status, 200);
    assert.deepEqual([server.forms.length, brief.forms.length], [1, 2]);
    assert.equal(brief.calls(), 2, "no request was refused on the way");
  });

  for (const method of ["GET", "POST"] as const) {
    it(`is renewed on 401, and the ${method} sent again: 401 says that nothing was done`, async () => {
      await using server = await tokenServer();
      const http = way(server);
      await get(http);
      server.revoke();
      assert.equal((await get(http, "/", { method })).body, "Bearer t1");
      assert.deepEqual([server.forms.length, server.calls()], [2, 3]);
    });
  }

  it("that is refused though new is not renewed for ever", async () => {
    await using server = await serve(({ url }) =>
      url === "/token" ? { body: { access_token: "planted-token" } } : { status: 401 },
    );
    const failure = await failureOf(get(way(server)));
    assert.ok(failure instanceof StatusError);
    assert.equal(server.requests.length, 4);
  });

  it("without expires_in is kept for some time", async () => {
    await using server = await tokenServer((number) => ({ body: { access_token: `t${number}` } }));
    const http = way(server);
    for (let count = 0; count < 3; count++) await get(http);
    assert.equal(server.forms.length, 1);
  });

  const failures: [string, Reply | undefined, RegExp, number][] = [
    [
      "400 invalid_client",
      { status: 400, body: { error: "invalid_client", error_description: "planted-secret is wrong" } },
      /no access token: POST \S+\/token: 400 invalid_client: \[redacted\] is wrong/,
      1,
    ],
    [
      "401",
      { status: 401, body: "no" },
      /401 no \(.*needs the OAuth 2 client and user of the connection\)/,
      1,
    ],
    ["404", { status: 404, body: "no" }, /no access token: POST \S+\/token: 404 no/, 1],
    ["503", { status: 503, body: "no", headers: { "retry-after": "0" } }, /no access token: .*503/, 5],
    ["a page to sign in", { body: "<html>" }, /answered 200 with HTML where JSON is documented/, 5],
    ["no token", { body: { token: "?" } }, /answered without an access_token/, 5],
    ["nothing in time", undefined, /no answer within 1s/, 5],
  ];
  for (const [what, reply, message, tries] of failures) {
    it(`that cannot be had (${what}) is a failure of its own, without effect and without the secret`, async () => {
      await using server = await tokenServer(() => reply);
      const http = way(server, { ...client, ...user, grantType: "password" });
      const failure = await failureOf(
        get(http, "/v1", { elsewhere: [404], patience: tries === 1 ? "brief" : "once" }),
      );
      assert.ok(
        failure instanceof TokenError,
        "a 404 of the token endpoint is not the 404 of what was asked for",
      );
      assert.match(failure.message, message);
      assert.equal(failure.effect, "no");
      assert.doesNotMatch(`${failure.message} ${failure.stack} ${JSON.stringify(failure)}`, /planted/);
      // Who is no client in one way may be one in the other.
      const asked = what === "400 invalid_client" ? 2 : 1;
      assert.deepEqual([server.forms.length, server.calls()], [asked, 0]);
    });
  }

  it("that cannot be had for the moment is asked for again by a read", async () => {
    await using server = await tokenServer((number) =>
      number === 0 ? { status: 503, body: "no", headers: { "retry-after": "0" } } : {},
    );
    assert.equal((await get(way(server))).status, 200);
    assert.deepEqual([server.forms.length, server.calls()], [2, 1]);
  });

  it("is asked for of its own server, however many endpoints there are", async () => {
    await using server = await tokenServer(() => ({ status: 400, body: {} }));
    const oauth2 = { tokenUrl: `${server.url}/token`, ...client };
    await failureOf(get(open([server.url, await nobody()], { oauth2 })));
    assert.equal(server.forms.length, 1);
  });

  it("is not lost to others when one who waits for it gives up", async () => {
    await using server = await serve(({ url }, _number, response) => {
      if (url !== "/token") return {};
      setTimeout(() => response.writeHead(200).end('{"access_token": "t"}'), 200);
      return undefined;
    });
    const http = way(server);
    const controller = new AbortController();
    const impatient = get(http, "/", { signal: controller.signal });
    const patient = get(http, "/", { method: "POST" });
    setTimeout(() => controller.abort(new Error("enough")), 100);
    await assert.rejects(impatient, /enough/);
    assert.equal((await patient).status, 200);
    assert.equal(server.requests.filter(({ url }) => url === "/token").length, 1);
  });

  it("is blanked out of what a server says of it, also the one before", async () => {
    await using server = await serve(({ url, headers }, number) =>
      url === "/token"
        ? { body: { access_token: `planted-token-${number}` } }
        : {
            status: number > 2 ? 400 : 401,
            body: { message: `not ${headers.authorization}, nor planted-token-0` },
          },
    );
    const http = way(server);
    const failure = await failureOf(get(http));
    assert.equal(failure.message, `GET ${server.url}/: 400 not Bearer [redacted], nor [redacted]`);
    assert.equal(http.redact("planted-token-0 planted-token-2"), "[redacted] [redacted]");
  });

  it("does not travel with a redirect to a foreign host", async () => {
    await using foreign = await serve(() => ({}));
    await using server = await serve(({ url }) =>
      url === "/token"
        ? { body: { access_token: "planted-token" } }
        : { status: 307, headers: { location: foreign.url } },
    );
    await failureOf(get(way(server)));
    assert.equal(foreign.connections, 0);
  });
});
