import assert from "node:assert/strict";
import { type AddressInfo, connect, createServer as createTcpServer, type Socket } from "node:net";
import { UnreachableError } from "../../../provider/core/data/errors.ts";
import { type Authority, createAuthority } from "../../support/certificates.ts";
import { failureOf, get, open } from "../client.ts";
import { type LocalServer, serve } from "../server.ts";

const past = new Date(Date.now() - 60_000);

/** Whoever listens here does with each connection what a test says. */
async function listening(handle: (socket: Socket) => void) {
  const sockets = new Set<Socket>();
  const server = createTcpServer((socket) => {
    sockets.add(socket.on("error", () => {}));
    handle(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    host: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

describe("a TLS connection that cannot be made", () => {
  let authority: Authority;
  before(async () => {
    authority = await createAuthority();
  });

  const secure = async (options: object = {}) =>
    serve(() => ({ body: "fine" }), { ...(await authority.issue()), ...options });
  const asking = { requestCert: true, rejectUnauthorized: true };
  const client = async (of: Authority, options = {}) => {
    const { cert, key } = await of.issue(options);
    return { clientCert: cert, clientKey: key };
  };

  const rows: [
    what: string,
    server: () => Promise<LocalServer>,
    settings: () => Promise<object> | object,
    said: RegExp,
  ][] = [
    [
      "a certificate that has signed itself",
      async () => secure(await (await createAuthority("Own")).self()),
      () => ({ caCert: authority.ca }),
      /not trusted \(DEPTH_ZERO_SELF_SIGNED_CERT\): it has signed itself: set caCert to this certificate$/,
    ],
    [
      "an authority in its chain that nobody knows",
      async () => {
        const strange = await createAuthority("Strange");
        const { key, cert } = await strange.issue();
        return secure({ key, cert: `${cert}\n${strange.ca}` });
      },
      () => ({ caCert: authority.ca }),
      /not trusted \(SELF_SIGNED_CERT_IN_CHAIN\): nobody knows its authority: set caCert to the authority that signed it$/,
    ],
    [
      "a certificate that has expired",
      async () => secure(await authority.issue({ notAfter: past })),
      () => ({ caCert: authority.ca }),
      /not trusted \(CERT_HAS_EXPIRED\): it, or one that vouches for it, has expired: renew it/,
    ],
    [
      "a certificate of other hosts",
      async () => secure(await authority.issue({ names: ["a.test", "b.test"] })),
      () => ({ caCert: authority.ca }),
      /it is for a\.test, b\.test: check the endpoint's host name$/,
    ],
    [
      "no client certificate, with TLS 1.3",
      () => secure({ ...asking, ca: authority.ca }),
      () => ({ caCert: authority.ca }),
      /: the server asks for a client certificate: set clientCert and clientKey$/,
    ],
    [
      "no client certificate, with TLS 1.2",
      () => secure({ ...asking, ca: authority.ca, maxVersion: "TLSv1.2" }),
      () => ({ caCert: authority.ca }),
      /it may ask for a client certificate \(set clientCert and clientKey\)/,
    ],
    [
      "a client certificate that the server hangs up at",
      () => secure({ ...asking, ca: authority.ca, maxVersion: "TLSv1.2" }),
      async () => ({ caCert: authority.ca, ...(await client(await createAuthority("Foreign"))) }),
      /hung up during the TLS handshake: where that lasts, it may not accept the client certificate/,
    ],
    [
      "a server with old versions only",
      () => secure({ minVersion: "TLSv1", maxVersion: "TLSv1.1", ciphers: "DEFAULT@SECLEVEL=0" }),
      () => ({ caCert: authority.ca }),
      /the server speaks no TLS version that this client does \(1\.2 and 1\.3\)/,
    ],
  ];
  for (const [what, start, settings, said] of rows) {
    it(`says what to do: ${what}`, async () => {
      await using server = await start();
      const way = open(server.url, await settings());
      for (const method of ["GET", "POST"]) {
        const failure = await failureOf(get(way, "/", { method: method as "GET", patience: "once" }));
        assert.ok(failure instanceof UnreachableError);
        assert.match(failure.message, said);
        assert.doesNotMatch(failure.message, /openssl|routines|\.c:/i);
        assert.equal(failure.effect, "no", "nothing was carried out");
      }
      assert.equal(server.requests.length, 0);
    });
  }

  it("says that a server of another protocol does not speak TLS", async () => {
    await using server = await listening((socket) => void socket.write("SSH-2.0-OpenSSH_9.6\r\n"));
    const failure = await failureOf(get(open(`https://${server.host}`), "/", { method: "POST" }));
    assert.match(
      failure.message,
      /the server does not speak TLS on this port: check the scheme and the port$/,
    );
    assert.equal(failure.effect, "no");
  });

  it("says that a server which answers no HTTP may speak TLS, until one has answered", async () => {
    await using tls = await secure();
    const plainly = open(tls.url.replace("https:", "http:"));
    const failure = await failureOf(get(plainly, "/", { patience: "once" }));
    assert.match(failure.message, /: if it speaks TLS on this port, write https:\/\/$/);
    let isCut = false;
    await using server = await serve((_request, _number, response) => {
      if (!isCut) return {};
      response.socket?.destroy();
      return undefined;
    });
    const known = open(server.url);
    await get(known);
    isCut = true;
    assert.doesNotMatch((await failureOf(get(known, "/", { patience: "once" }))).message, /TLS/);
  });

  it("says that what came is not HTTP", async () => {
    const alert = Buffer.from([0x15, 3, 1, 0, 2, 2, 10]);
    await using server = await listening((socket) => void socket.once("data", () => socket.write(alert)));
    const failure = await failureOf(get(open(`http://${server.host}`), "/", { patience: "once" }));
    assert.match(
      failure.message,
      /what the server answered is not HTTP: if it speaks TLS on this port, write https:/,
    );
  });

  for (const [what, answer, said] of [
    [
      "a chunk without a length",
      "Transfer-Encoding: chunked\r\n\r\nplanted\r\n",
      "the server's answer breaks the rules of HTTP (Invalid character in chunk size)",
    ],
    [
      "a header without a colon",
      "planted words\r\n\r\n",
      "the server's answer breaks the rules of HTTP (Invalid header token)",
    ],
    ["long headers", `X-Long: ${"x".repeat(20_000)}\r\n\r\n`, "the headers of the answer are too long"],
  ] as const) {
    it(`says of an answer with ${what} what is wrong with it, and nothing of TLS`, async () => {
      await using server = await listening(
        (socket) => void socket.once("data", () => socket.end(`HTTP/1.1 200 OK\r\n${answer}`)),
      );
      const failure = await failureOf(get(open(`http://${server.host}`), "/", { patience: "once" }));
      assert.equal(failure.message, `GET http://${server.host}/: ${said}`);
    });
  }

  it("says that the server has changed to another protocol", async () => {
    const answer = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\nConnection: Upgrade\r\n\r\n";
    await using server = await listening((socket) => void socket.once("data", () => socket.write(answer)));
    const failure = await failureOf(get(open(`http://${server.host}`), "/", { patience: "once" }));
    assert.match(failure.message, /: the server changed to another protocol than HTTP \(101\)$/);
  });

  for (const [whose, text] of [
    ["nginx", "<html><title>400 The plain HTTP request was sent to HTTPS port</title></html>"],
    ["Go", "Client sent an HTTP request to an HTTPS server.\n"],
    ["Apache", "<p>Reason: You're speaking plain HTTP to an SSL-enabled server port.</p>"],
    ["Tomcat", "Bad Request\r\nThis combination of host and port requires TLS.\r\n"],
  ] as const) {
    it(`is told by ${whose} in words of its own: https is named`, async () => {
      await using server = await serve(() => ({ status: 400, body: text }));
      const failure = await failureOf(get(open(server.url)));
      assert.match(failure.message, /: 400 .*the server speaks TLS on this port: write https:\/\/\)$/);
    });
  }
});

describe("a read whose TLS connection cannot be made", () => {
  it("is asked again where the server hung up: it may be about to start", async () => {
    let count = 0;
    await using closing = await listening((socket) => {
      count++;
      socket.once("data", () => socket.destroy());
    });
    const failure = await failureOf(get(open(`https://${closing.host}`), "/", { patience: "hasty" }));
    assert.match(failure.message, /hung up during the TLS handshake.*\(2 tries in/);
    assert.equal(count, 2);
  });
});

describe("a TLS connection that breaks", () => {
  it("after the request has left leaves open whether that was carried out", async () => {
    const authority = await createAuthority();
    let breakOff = () => {};
    await using server = await serve(
      () => {
        breakOff();
        return undefined;
      },
      await authority.issue(),
    );
    // As a proxy does that ends a tunnel in plain words.
    await using relay = await listening((socket) => {
      const [host, port] = server.host.split(":");
      const upstream = connect(Number(port), host).on("error", () => {});
      socket.pipe(upstream).pipe(socket);
      breakOff = () => void socket.write("HTTP/1.1 502 Bad Gateway\r\n\r\n");
    });
    await using other = await serve(() => ({}), await authority.issue());
    const way = open([`https://${relay.host}`, other.url], { caCert: authority.ca });
    const failure = await failureOf(get(way, "/", { method: "POST" }));
    assert.match(failure.message, /: the TLS connection broke \(ERR_SSL_\w+\)$/);
    assert.equal(failure.effect, "maybe");
    assert.deepEqual([server.requests.length, other.requests.length], [1, 0], "no other endpoint is asked");
  });

  it("before a request has left, however late, has done nothing", async () => {
    await using silent = await listening(() => {});
    const way = open(`https://${silent.host}`, { requestTimeout: "100ms" });
    const failure = await failureOf(get(way, "/", { method: "POST" }));
    assert.equal(failure.effect, "no");
  });
});
