import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { UnreachableError } from "../../../provider/core/data/errors.ts";
import { Session } from "../../../provider/core/work/installation.ts";
import { openScope } from "../../../provider/core/work/operation.ts";
import { type Authority, type Certificate, createAuthority } from "../../support/certificates.ts";
import { contextFor } from "../../support/context.ts";
import { failureOf, get, open, plain } from "../client.ts";
import { type LocalServer, serve } from "../server.ts";

describe("a server's certificate", () => {
  let authority: Authority;
  let server: LocalServer;
  before(async () => {
    authority = await createAuthority();
    server = await serve(() => ({ body: "fine" }), await authority.issue());
  });
  after(() => server[Symbol.asyncDispose]());

  it("is trusted when caCert, as PEM text or in a file, has signed it", async () => {
    const folder = mkdtempSync(join(tmpdir(), "ca-"));
    try {
      const file = join(folder, "ca.pem");
      writeFileSync(file, authority.ca);
      for (const caCert of [authority.ca, file])
        assert.equal((await get(open(server.url, { caCert }))).body, "fine");
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it("is trusted when an intermediate has signed it, sent along, that caCert vouches for", async () => {
    const intermediate = await authority.delegate();
    await using chained = await serve(() => ({ body: "fine" }), await intermediate.issue());
    assert.equal((await get(open(chained.url, { caCert: authority.ca }))).body, "fine");
  });

  const pinned: [what: string, caCert: (intermediate: Authority, certificate: Certificate) => string][] = [
    ["the authority that issued it, without whoever vouches for that", ({ ca }) => ca],
    [
      "the certificate itself",
      (_intermediate, { cert }) => cert.replace(/(?<=-----END CERTIFICATE-----)[\s\S]*/, ""),
    ],
    ["one of a bundle", ({ ca }, { cert }) => `${authority.ca}\n${cert}\n${ca}`],
  ];
  for (const [what, caCert] of pinned) {
    it(`is trusted when caCert is ${what}, as curl does, for its own host names only`, async () => {
      const intermediate = await authority.delegate();
      for (const [names, isTrusted] of [
        [undefined, true],
        [["other.test"], false],
      ] as const) {
        const certificate = await intermediate.issue(names && { names: [...names] });
        await using chained = await serve(() => ({ body: "fine" }), certificate);
        const way = open(chained.url, { caCert: caCert(intermediate, certificate) });
        if (isTrusted) assert.equal((await get(way)).body, "fine");
        else assert.match((await failureOf(get(way))).message, /ALTNAME_INVALID/);
      }
    });
  }

  it("is trusted when caCert is a bundle in which an older one of the same name has expired", async () => {
    const [old, renewed] = [
      await createAuthority("Renewed", { notAfter: new Date(Date.now() - 60_000) }),
      await createAuthority("Renewed"),
    ];
    await using own = await serve(() => ({ body: "fine" }), await renewed.issue());
    for (const caCert of [`${old.ca}\n${renewed.ca}`, `${renewed.ca}\n${old.ca}`])
      assert.equal((await get(open(own.url, { caCert }))).body, "fine");
  });

  const others: [string, () => Promise<{ certificate: Certificate; caCert?: string }>, RegExp][] = [
    [
      "of an unknown authority",
      async () => ({ certificate: await authority.issue() }),
      /set caCert to the authority/,
    ],
    [
      "of another authority",
      async () => ({ certificate: await authority.issue(), caCert: (await createAuthority()).ca }),
      /set caCert to the authority/,
    ],
    [
      "of an intermediate that is not sent along",
      async () => {
        const { key, cert } = await (await authority.delegate()).issue();
        const [leaf = ""] = cert.split(/(?<=-----END CERTIFICATE-----)/);
        return { certificate: { key, cert: leaf }, caCert: authority.ca };
      },
      /UNABLE_TO_(GET|VERIFY).*set caCert to the authority/,
    ],
    [
      "that has expired",
      async () => ({
        certificate: await authority.issue({ notAfter: new Date(Date.now() - 60_000) }),
        caCert: authority.ca,
      }),
      /CERT_HAS_EXPIRED/,
    ],
    [
      "of another host",
      async () => ({ certificate: await authority.issue({ names: ["other.test"] }), caCert: authority.ca }),
      /ERR_TLS_CERT_ALTNAME_INVALID.*check the endpoint's host name/,
    ],
  ];
  for (const [what, make, message] of others) {
    it(`${what} is refused before anything is sent, and not tried again`, async () => {
      const { certificate, caCert } = await make();
      await using strange = await serve(() => ({}), certificate);
      const troubles: Error[] = [];
      const settings = { caCert, token: "planted-token" };
      const failure = await failureOf(
        get(open(strange.url, settings), "/", { onTrouble: (error) => troubles.push(error) }),
      );
      assert.ok(failure instanceof UnreachableError);
      assert.match(failure.message, /the server's certificate is not trusted/);
      assert.match(failure.message, message);
      assert.deepEqual(troubles, []);
      const post = await failureOf(get(open(strange.url, settings), "/", { method: "POST" }));
      assert.equal(post.effect, "no");
      assert.equal(strange.requests.length, 0);
    });
  }

  it("is not looked at with insecureSkipVerify, which warns once", async () => {
    const connections = { plain: { endpoints: [server.url], insecureSkipVerify: true } };
    const context = { ...contextFor(connections), session: new Session() };
    for (let count = 0; count < 3; count++)
      assert.equal((await get(openScope(context, plain, { timeout: "1m" }).http)).body, "fine");
    assert.equal(context.said.warnings.length, 1);
    assert.match(
      context.said.warnings[0] ?? "",
      /connection plain: insecureSkipVerify accepts any server certificate/,
    );
  });

  it("is not asked for by a server that speaks plain HTTP: the message says so", async () => {
    await using clear = await serve(() => ({}));
    const failure = await failureOf(
      get(open(clear.url.replace("http:", "https:")), "/", { patience: "once" }),
    );
    assert.match(
      failure.message,
      /the server does not speak TLS on this port: check the scheme and the port/,
    );
    assert.equal(failure.effect, "no");
    assert.equal(clear.requests.length, 0);
  });
});

describe("a client certificate", () => {
  it("is shown to a server that asks for one; without it nothing is answered", async () => {
    const authority = await createAuthority();
    const tls = {
      ...(await authority.issue()),
      ca: authority.ca,
      requestCert: true,
      rejectUnauthorized: true,
    };
    await using server = await serve(() => ({ body: "fine" }), tls);
    const { cert, key } = await authority.issue({ names: ["ci"] });
    const known = open(server.url, { caCert: authority.ca, clientCert: cert, clientKey: key });
    assert.equal((await get(known)).body, "fine");
    const unknown = open(server.url, { caCert: authority.ca });
    const failure = await failureOf(get(unknown, "/", { patience: "once" }));
    assert.ok(failure instanceof UnreachableError);
    assert.equal(server.requests.length, 1);
  });
});
