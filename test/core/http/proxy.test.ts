import assert from "node:assert/strict";
import { createServer, request } from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";
import { UnreachableError } from "../../../provider/core/data/errors.ts";
import { createAuthority } from "../../support/certificates.ts";
import { failureOf, get, open } from "../client.ts";
import { inline, refusalOf } from "../connection/connection-cases.ts";
import { nobody, serve } from "../server.ts";

/** A proxy that tunnels (CONNECT) or hands on requests to wherever it is asked, and remembers what it was asked. */
async function startProxy(status = 200) {
  const asked: { target: string; authorization?: string }[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((incoming, response) => {
    asked.push({ target: incoming.url ?? "", authorization: incoming.headers["proxy-authorization"] });
    if (status !== 200) return void response.writeHead(status).end();
    const { method, headers } = incoming;
    const onward = request(incoming.url ?? "", { method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    incoming.pipe(onward);
  });
  server.on("connection", (socket: Socket) => void sockets.add(socket));
  server.on("connect", (request, socket: Socket) => {
    asked.push({ target: request.url ?? "", authorization: request.headers["proxy-authorization"] });
    if (status !== 200) return void socket.end(`HTTP/1.1 ${status} Refused\r\n\r\n`);
    const [host = "", port] = (request.url ?? "").split(":");
    const upstream = connect(Number(port), host, () => {
      socket.write("HTTP/1.1 200 Connection established\r\n\r\n");
      upstream.pipe(socket).pipe(upstream);
    });
    sockets.add(upstream);
    for (const end of [upstream, socket]) end.on("error", () => {});
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    host: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    async [Symbol.asyncDispose]() {
      const closed = new Promise((resolve) => server.close(resolve));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

describe("a proxy", () => {
  it("tunnels https, with the certificate checked end to end", async () => {
    const authority = await createAuthority();
    await using server = await serve(() => ({ body: "fine" }), await authority.issue());
    await using proxy = await startProxy();
    const settings = { proxy: `http://${proxy.host}` };
    assert.equal((await get(open(server.url, { ...settings, caCert: authority.ca }))).body, "fine");
    assert.deepEqual(proxy.asked, [{ target: server.host, authorization: undefined }]);
    const failure = await failureOf(get(open(server.url, settings), "/", { patience: "once" }));
    assert.match(failure.message, /the server's certificate is not trusted .*caCert/);
    assert.equal(server.requests.length, 1);
  });

  it("is shown its own credentials, and the server never sees them", async () => {
    const authority = await createAuthority();
    await using server = await serve(() => ({}), await authority.issue());
    await using proxy = await startProxy();
    const settings = { proxy: `http://ci:planted-password@${proxy.host}`, token: "t", caCert: authority.ca };
    await get(open(server.url, settings));
    const basic = `Basic ${Buffer.from("ci:planted-password").toString("base64")}`;
    assert.equal(proxy.asked[0]?.authorization, basic);
    assert.equal(server.requests[0]?.headers["proxy-authorization"], undefined);
    assert.equal(server.requests[0]?.headers.authorization, "Bearer t");
  });

  it("that refuses to tunnel is a failure before anything was sent, told without its password", async () => {
    const authority = await createAuthority();
    await using server = await serve(() => ({}), await authority.issue());
    await using proxy = await startProxy(407);
    const settings = { proxy: `http://ci:planted-password@${proxy.host}`, caCert: authority.ca };
    const failure = await failureOf(get(open(server.url, settings), "/", { method: "POST" }));
    assert.ok(failure instanceof UnreachableError);
    assert.match(
      failure.message,
      /the proxy refused to connect to the server \(407\): it does not accept the user name and password in its URL/,
    );
    assert.doesNotMatch(`${failure.message} ${failure.stack}`, /planted/);
    assert.equal(failure.effect, "no");
    assert.equal(server.connections, 0);
  });

  it("hands http requests on, and one that it refuses has done nothing", async () => {
    await using server = await serve(() => ({ body: "fine" }));
    await using proxy = await startProxy();
    assert.equal((await get(open(server.url, { proxy: proxy.host, token: "t" }))).body, "fine");
    assert.equal(proxy.asked[0]?.target, `${server.url}/`);
    await using closed = await startProxy(407);
    const failure = await failureOf(get(open(server.url, { proxy: closed.host }), "/", { method: "POST" }));
    assert.match(
      failure.message,
      /the proxy refused to connect to the server \(407\): it asks for a user name/,
    );
    assert.equal(failure.effect, "no");
    assert.equal(server.requests.length, 1);
  });

  it("may be shown a token alone, which is blanked like a password", async () => {
    await using server = await serve(({ headers }) => ({
      status: 400,
      body: { message: `no ${headers["proxy-authorization"]} of planted-token` },
    }));
    await using proxy = await startProxy();
    const http = open(server.url, { proxy: `http://planted-token@${proxy.host}` });
    const { message } = await failureOf(get(http));
    assert.match(message, /no Basic \[redacted\] of \[redacted\]$/);
    assert.deepEqual(
      proxy.asked.map(({ authorization }) => authorization),
      [`Basic ${Buffer.from("planted-token:").toString("base64")}`],
    );
  });

  it("is named where a request fails on the way, without its credentials", async () => {
    const proxy = (await nobody()).replace("http://", "http://ci:planted-password@");
    const failure = await failureOf(get(open("https://host.test", { proxy }), "/", { patience: "once" }));
    assert.match(failure.message, /: connection refused \(through the proxy 127\.0\.0\.1:\d+\)$/);
    assert.doesNotMatch(failure.message, /planted|ci:/);
  });

  describe("of the environment", () => {
    const schemes = ["HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY", "NO_PROXY"];
    const names = schemes.flatMap((name) => [name, name.toLowerCase()]);
    const kept = names.map((name) => [name, process.env[name]] as const);
    beforeEach(() => {
      for (const name of names) delete process.env[name];
    });
    after(() => {
      for (const [name, value] of kept) {
        if (value === undefined) delete process.env[name];
        else process.env[name] = value;
      }
    });

    it("is used for https, but not for the hosts of NO_PROXY", async () => {
      const authority = await createAuthority();
      await using server = await serve(() => ({ body: "fine" }), await authority.issue());
      await using proxy = await startProxy();
      process.env.HTTPS_PROXY = `http://${proxy.host}`;
      assert.equal((await get(open(server.url, { caCert: authority.ca }))).body, "fine");
      assert.equal(proxy.asked.length, 1);
      process.env.NO_PROXY = "127.0.0.1,other.test";
      assert.equal((await get(open(server.url, { caCert: authority.ca }))).body, "fine");
      assert.equal(proxy.asked.length, 1);
    });

    it("is not used for ranges of NO_PROXY, with an empty no_proxy beside it", async () => {
      await using server = await serve(() => ({ body: "fine" }));
      await using proxy = await startProxy();
      Object.assign(process.env, { http_proxy: proxy.host, no_proxy: "" });
      for (const range of [
        "10.0.0.0/8,127.0.0.0/8",
        "127.0.0.1/32",
        "127.",
        `127.0.0.1:${new URL(server.url).port}`,
      ]) {
        process.env.NO_PROXY = range;
        assert.equal((await get(open(server.url, { token: "planted-token" }))).body, "fine");
        assert.deepEqual(proxy.asked, [], range);
      }
      process.env.NO_PROXY = "10.0.0.0/8";
      await get(open(server.url));
      assert.equal(proxy.asked.length, 1);
    });

    it("is chosen for each request: a token's may go another way than what it is for", async () => {
      await using proxy = await startProxy();
      await using tokens = await serve(() => ({ body: { access_token: "t" } }));
      await using server = await serve(() => ({ body: "fine" }));
      Object.assign(process.env, { ALL_PROXY: `http://${proxy.host}`, NO_PROXY: new URL(server.url).host });
      const oauth2 = { tokenUrl: `${tokens.url}/token`, clientId: "ci", clientSecret: "s" };
      await get(open(server.url, { oauth2 }));
      assert.deepEqual(
        proxy.asked.map(({ target }) => target),
        [`${tokens.url}/token`],
      );
    });

    it("is told under its variable where it is wrong, and its password nowhere", async () => {
      process.env.https_proxy = "socks5://ci:planted-password@proxy.test";
      const failure = refusalOf(() => inline({ endpoint: "https://host.test" }));
      assert.equal(failure.property, "https_proxy");
      assert.doesNotMatch(failure.message, /planted/);
      assert.ok(inline({ endpoint: "http://host.test" }));
      process.env.https_proxy = "http://ci:planted-password@proxy.test";
      assert.equal(open("https://host.test").redact("it was planted-password"), "it was [redacted]");
    });

    it("gives way to the connection's own", async () => {
      const authority = await createAuthority();
      await using server = await serve(() => ({}), await authority.issue());
      await using environments = await startProxy();
      await using own = await startProxy();
      process.env.HTTPS_PROXY = `http://${environments.host}`;
      await get(open(server.url, { caCert: authority.ca, proxy: `http://${own.host}` }));
      assert.deepEqual([environments.asked.length, own.asked.length], [0, 1]);
    });
  });
});
