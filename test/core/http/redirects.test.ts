import assert from "node:assert/strict";
import type { Connection, System } from "../../../provider/core/connection/settings.ts";
import { RedirectError } from "../../../provider/core/data/errors.ts";
import { createAuthority } from "../../support/certificates.ts";
import { failureOf, get, open, plain } from "../client.ts";
import { type LocalServer, serve } from "../server.ts";

const secrets: Connection = { token: "planted-token", headers: { "x-key": "planted-header" } };

describe("a redirect", () => {
  const elsewhere = (server: () => LocalServer, status = 307) =>
    serve((request) => ({ status, headers: { location: server().url + request.url } }));

  for (const status of [301, 302, 303, 307, 308]) {
    it(`with ${status} takes a GET to another endpoint, credentials and all, and that one is asked from then on`, async () => {
      await using leader = await serve(() => ({ body: "leader" }));
      await using follower = await elsewhere(() => leader, status);
      const http = open([follower.url, leader.url], secrets);
      const answer = await get(http, "/v1?x=1");
      assert.deepEqual([answer.body, answer.url], ["leader", `${leader.url}/v1?x=1`]);
      const { authorization, "x-key": key } = leader.requests[0]?.headers ?? {};
      assert.deepEqual([authorization, key], ["Bearer planted-token", "planted-header"]);
      await get(http, "/v1");
      assert.deepEqual([follower.requests.length, leader.requests.length], [1, 2]);
    });
  }

  for (const status of [307, 308]) {
    it(`with ${status} takes a POST along with its body`, async () => {
      await using leader = await serve(() => ({}));
      await using follower = await elsewhere(() => leader, status);
      await get(open([follower.url, leader.url], secrets), "/v1", { method: "POST", body: { a: 1 } });
      assert.deepEqual([leader.requests[0]?.method, leader.requests[0]?.body], ["POST", '{"a":1}']);
    });
  }

  for (const [what, tail] of [
    ["a ticket", "?ticket=planted"],
    ["a session", ";jsessionid=planted?x=1"],
    ["a token behind #", "#access_token=planted"],
  ] as const)
    for (const [how, reply] of [
      ["fails", { status: 404, body: "no" }],
      ["answers with something else than JSON", { body: "planted words" }],
      ["leads on for ever", undefined],
      ["is cut", null],
    ] as const)
      it(`that carries ${what} is followed with it, and does not show it where what it leads to ${how}`, async () => {
        await using server = await serve((_request, number, response) => {
          if (number > 0 && reply === null) return void response.socket?.destroy();
          if (number > 0 && reply && reply.status === 404) return { ...reply };
          if (number > 0 && reply) return { body: "{" };
          return { status: 307, headers: { location: `/v1${tail}${number}` } };
        });
        const failure = await failureOf(
          get(open(server.url, secrets), "/v1", { expect: "json", patience: "once" }),
        );
        assert.doesNotMatch(failure.message, /planted/);
        assert.match(failure.message, /^GET http:\S+\/v1[?;#]\[redacted\]/);
        if (!tail.startsWith("#")) assert.match(server.requests[1]?.url ?? "", /planted/);
      });

  it("to a foreign host is refused, and nothing goes there", async () => {
    await using foreign = await serve(() => ({}));
    await using server = await elsewhere(() => foreign);
    const failure = await failureOf(get(open(server.url, secrets), "/v1"));
    assert.ok(failure instanceof RedirectError);
    assert.match(
      failure.message,
      /127.0.0.1:\d+ does not belong to this installation; it was not followed. To allow it: /,
    );
    assert.match(failure.message, /\/v1: 307 redirect: /);
    assert.doesNotMatch(failure.message, /planted/);
    assert.deepEqual([foreign.requests.length, foreign.connections, server.requests.length], [0, 0, 1]);
  });

  it("to a trusted host is followed", async () => {
    await using other = await serve(() => ({ body: "other" }));
    await using server = await elsewhere(() => other);
    const http = open(server.url, { ...secrets, trustedHosts: ["127.0.0.0/8"] });
    assert.equal((await get(http)).body, "other");
  });

  it("from https to http is refused even between endpoints", async () => {
    const authority = await createAuthority();
    await using clear = await serve(() => ({}));
    await using server = await serve(
      () => ({ status: 307, headers: { location: clear.url } }),
      await authority.issue(),
    );
    const failure = await failureOf(
      get(open([server.url], { ...secrets, caCert: authority.ca, trustedHosts: ["127.0.0.1"] })),
    );
    assert.match(failure.message, /from https to http/);
    assert.equal(clear.connections, 0);
  });

  it("that leads in a circle ends", async () => {
    await using server = await serve(() => ({ status: 307, headers: { location: "/again" } }));
    const failure = await failureOf(get(open(server.url)));
    assert.match(failure.message, /redirected more than 5 times, the last time with 307/);
    assert.equal(server.requests.length, 6);
  });

  it("may be relative", async () => {
    await using server = await serve(({ url }) =>
      url === "/v1/a" ? { status: 307, headers: { location: "b" } } : { body: url },
    );
    assert.equal((await get(open(server.url), "/v1/a")).body, "/v1/b");
  });

  for (const location of [undefined, "", "http://", "//"]) {
    it(`without a usable Location (${location}) is a failure`, async () => {
      await using server = await serve(({ url }) =>
        url === "/v1" ? { status: 307, ...(location !== undefined && { headers: { location } }) } : {},
      );
      const failure = await failureOf(get(open(server.url), "/v1"));
      assert.ok(failure instanceof RedirectError);
      assert.match(failure.message, /\/v1: 307 redirect without a usable Location/);
    });
  }

  it("that would make a GET of a POST is named with its status", async () => {
    await using server = await serve(() => ({ status: 303, headers: { location: "/done" } }));
    const failure = await failureOf(get(open(server.url), "/v1", { method: "POST" }));
    assert.match(
      failure.message,
      /\/v1: the 303 redirect would turn the request into a GET; it was not followed/,
    );
    assert.equal(failure.effect, "maybe");
  });

  it("of a token endpoint is named with where it leads, and not followed with the client's secret", async () => {
    await using other = await serve(() => ({}));
    const location = `${other.url}/oauth?client_secret=planted-secret`;
    await using idp = await serve(() => ({ status: 307, headers: { location } }));
    await using server = await serve(() => ({}));
    const oauth2 = { tokenUrl: `${idp.url}/token`, clientId: "ops", clientSecret: "planted-secret" };
    const failure = await failureOf(get(open(server.url, { oauth2 })));
    assert.match(
      failure.message,
      /\/token: 307 redirect to http:\/\/127\.0\.0\.1:\d+\/oauth, which is not followed/,
    );
    assert.doesNotMatch(failure.message, /planted/);
    assert.equal(other.connections, 0);
  });

  for (const status of [300, 304]) {
    it(`is not what ${status} is`, async () => {
      await using server = await serve(() => ({ status, headers: { location: "/other" } }));
      await failureOf(get(open(server.url), "/v1"));
      assert.equal(server.requests.length, 1);
    });
  }
});

describe("the hosts that an installation lists as its own", () => {
  const hostsOf = (hosts: string[]): System => ({
    ...plain,
    ownHosts: { path: "/nodes", read: (body) => (Array.isArray(body) ? hosts : []) },
  });

  it("may be redirected to; they are asked for once, however many redirects there are", async () => {
    await using leader = await serve(() => ({ body: "leader" }));
    await using server = await serve(({ url }) =>
      url === "/nodes" ? { body: [] } : { status: 307, headers: { location: leader.url + url } },
    );
    const http = open(server.url, secrets, hostsOf(["127.0.0.1"]));
    const answers = await Promise.all([get(http, "/a"), get(http, "/b"), get(http, "/c")]);
    assert.deepEqual(
      answers.map(({ body }) => body),
      ["leader", "leader", "leader"],
    );
    assert.equal(server.requests.filter(({ url }) => url === "/nodes").length, 1);
  });

  it("do not make any other host one of them", async () => {
    await using foreign = await serve(() => ({}));
    await using server = await serve(({ url }) =>
      url === "/nodes" ? { body: [] } : { status: 307, headers: { location: foreign.url } },
    );
    const failure = await failureOf(get(open(server.url, secrets, hostsOf(["10.0.0.1"])), "/a"));
    assert.match(failure.message, /does not belong/);
    assert.equal(foreign.connections, 0);
  });

  it("are asked for again when they could not be had", async () => {
    await using leader = await serve(() => ({ body: "leader" }));
    let isBroken = true;
    await using server = await serve(({ url }) => {
      if (url !== "/nodes") return { status: 307, headers: { location: leader.url + url } };
      return isBroken ? { status: 500 } : { body: [] };
    });
    const http = open(server.url, secrets, hostsOf(["127.0.0.1"]));
    await failureOf(get(http, "/a"));
    isBroken = false;
    assert.equal((await get(http, "/a")).body, "leader");
  });

  it("are not lost to others when one who waits for them gives up", async () => {
    await using leader = await serve(() => ({ body: "leader" }));
    await using server = await serve(({ url }, _number, response) => {
      if (url !== "/nodes") return { status: 307, headers: { location: leader.url + url } };
      setTimeout(() => response.writeHead(200).end("[]"), 200);
      return undefined;
    });
    const http = open(server.url, secrets, hostsOf(["127.0.0.1"]));
    const controller = new AbortController();
    const impatient = get(http, "/a", { signal: controller.signal });
    const patient = get(http, "/b");
    setTimeout(() => controller.abort(new Error("enough")), 100);
    await assert.rejects(impatient, /enough/);
    assert.equal((await patient).body, "leader");
  });
});
