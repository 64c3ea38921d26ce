import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { resolveConnection } from "../../../provider/core/connection/resolve.ts";
import type { Connection } from "../../../provider/core/connection/settings.ts";
import { createAuthority } from "../../support/certificates.ts";
import { plain } from "../client.ts";
import { configOf, endpoint, inline } from "./connection-cases.ts";

describe("a connection", () => {
  it("without a name is the entry of the system's own name", () => {
    const resolved = resolveConnection(plain, undefined, configOf({ plain: { endpoint }, other: {} }));
    assert.deepEqual([resolved.name, resolved.endpoints], ["plain", [endpoint]]);
  });

  it("by name is that entry of stack config", () => {
    const config = configOf({
      plain: { endpoint: "https://no.test" },
      east: { endpoints: [endpoint, "http://b.test"] },
    });
    const resolved = resolveConnection(plain, "east", config);
    assert.deepEqual([resolved.name, resolved.endpoints], ["east", [endpoint, "http://b.test"]]);
  });

  it("may be given on the spot", () => {
    assert.deepEqual([inline({ endpoint }).name, inline({ endpoint }).endpoints], ["inline", [endpoint]]);
  });

  it("is completed with defaults", () => {
    const { requestTimeout, trustedHosts, headers, tls, proxy } = inline({ endpoint });
    assert.deepEqual([requestTimeout, trustedHosts, headers, proxy], [30_000, [], {}, undefined]);
    assert.equal(tls.rejectUnauthorized, true);
  });

  it("takes what pulumi config set --path makes of numbers and booleans", () => {
    const config = configOf({ plain: { endpoint, password: 123456, username: true, requestTimeout: "45" } });
    const resolved = resolveConnection(plain, undefined, config);
    assert.deepEqual(
      [resolved.username, resolved.password, resolved.requestTimeout],
      ["true", "123456", 45_000],
    );
  });

  for (const [text, base] of [
    ["https://host.test:9443/", "https://host.test:9443"],
    ["https://HOST.test/fact-finder/", "https://host.test/fact-finder"],
    ["http://host.test:80", "http://host.test"],
    ["http://[::1]:8080//", "http://[::1]:8080"],
  ] as const) {
    it(`at ${text} has the base URL ${base}`, () =>
      assert.deepEqual(inline({ endpoint: text }).endpoints, [base]));
  }

  for (const [given, system, path] of [
    [undefined, undefined, ""],
    [undefined, "/aspire/_api", "/aspire/_api"],
    ["/aspire_api", "/aspire/_api", "/aspire_api"],
    ["api/v1/", undefined, "/api/v1"],
    ["", "/aspire/_api", ""],
    ["/", "/aspire/_api", ""],
  ] as const) {
    it(`with the base path ${given} where the system's is ${system} asks below "${path}"`, () => {
      const { endpoints } = inline({ endpoint, basePath: given }, { ...plain, basePath: system });
      assert.deepEqual(endpoints, [endpoint + path]);
    });
  }

  it("is the same installation by any spelling, order and credential", () => {
    const same: Connection[] = [
      { endpoints: [endpoint, "https://b.test"] },
      { endpoints: ["https://B.test/", `${endpoint}/`], token: "t", insecureSkipVerify: true },
    ];
    const [one, two] = same.map((connection) => inline(connection).addresses.join());
    assert.equal(one, two);
    assert.notEqual(one, inline({ endpoint }).addresses.join());
  });

  it("reads PEM from files", async () => {
    const folder = mkdtempSync(join(tmpdir(), "pem-"));
    try {
      const authority = await createAuthority();
      const { cert, key } = await authority.issue();
      const texts = { ca: authority.ca, cert, key };
      const file = (name: string) => join(folder, name);
      for (const [name, text] of Object.entries(texts)) writeFileSync(file(name), text);
      const { tls } = inline({
        endpoint,
        caCert: file("ca"),
        clientCert: file("cert"),
        clientKey: file("key"),
      });
      for (const name of ["ca", "cert", "key"] as const)
        assert.equal(tls[name]?.trim(), texts[name].trim(), name);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
