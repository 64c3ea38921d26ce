import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Connection } from "../../provider/core/connection.ts";
import { resolveConnection } from "../../provider/core/connections.ts";
import { InputError } from "../../provider/core/errors.ts";
import { plain } from "./client.ts";

const none = () => undefined;
const configOf = (connections: object) => () => JSON.stringify(connections);
const inline = (connection: object, system = plain) => resolveConnection(system, connection, none);
const failureOf = (work: () => unknown): InputError => {
  try {
    work();
  } catch (error) {
    assert.ok(error instanceof InputError, String(error));
    return error;
  }
  throw new Error("succeeded");
};
const endpoint = "https://host.test:9443";

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
    const [one, two] = same.map((connection) => inline(connection).identity);
    assert.equal(one, two);
    assert.notEqual(one, inline({ endpoint }).identity);
  });

  it("reads PEM from files", () => {
    const folder = mkdtempSync(join(tmpdir(), "pem-"));
    try {
      const file = (name: string) => join(folder, name);
      for (const name of ["ca", "cert", "key"]) writeFileSync(file(name), `-----BEGIN ${name}-----`);
      const { tls } = inline({
        endpoint,
        caCert: file("ca"),
        clientCert: file("cert"),
        clientKey: file("key"),
      });
      assert.deepEqual(
        [tls.ca, tls.cert, tls.key],
        ["-----BEGIN ca-----", "-----BEGIN cert-----", "-----BEGIN key-----"],
      );
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  const refused: [string, object, string, RegExp][] = [
    ["no endpoint", { token: "t" }, "connection", /has no endpoint: give endpoint: "https:\/\/\.\.\."/],
    ["an empty list of endpoints", { endpoints: [] }, "connection.endpoints", /fewer than 1/],
    ["what is not a URL", { endpoint: "host:9443 " }, "connection.endpoint", /write https:\/\//],
    [
      "a bare host",
      { endpoints: ["host.test"] },
      "connection.endpoints[0]",
      /"host.test" is not a URL: write https:\/\/host:port/,
    ],
    [
      "ftp",
      { endpoints: [endpoint, "ftp://host.test"] },
      "connection.endpoints[1]",
      /scheme ftp: write https:\/\//,
    ],
    [
      "a user in the URL",
      { endpoint: "https://jdoe:planted@host.test" },
      "connection.endpoint",
      /user name or password in the URL/,
    ],
    [
      "a broken URL with a password",
      { endpoint: "https://jdoe:planted@" },
      "connection.endpoint",
      /this is not a URL/,
    ],
    ["a query", { endpoint: `${endpoint}/?token=planted` }, "connection.endpoint", /must not have a query/],
    [
      "an unknown field",
      { endpoint, pasword: "planted" },
      "connection.pasword",
      /is not an input: did you mean password\?/,
    ],
    [
      "an unknown OAuth 2 field",
      { endpoint, oauth2: { tokenUrl: endpoint, clientid: "x" } },
      "connection.oauth2.clientid",
      /did you mean clientId\?/,
    ],
    [
      "a user name without a password",
      { endpoint, username: "jdoe" },
      "connection.password",
      /is missing: username needs password/,
    ],
    [
      "a password without a user name",
      { endpoint, password: "planted" },
      "connection.username",
      /is missing/,
    ],
    [
      "a certificate without its key",
      { endpoint, clientCert: "-----BEGIN" },
      "connection.clientKey",
      /is missing/,
    ],
    [
      "a password grant without a user",
      { endpoint, oauth2: { tokenUrl: endpoint, grantType: "password" } },
      "connection.oauth2",
      /needs username and password/,
    ],
    [
      "a token URL with a user",
      { endpoint, oauth2: { tokenUrl: "https://a:planted@b.test" } },
      "connection.oauth2.tokenUrl",
      /user name or password/,
    ],
    [
      "another grant",
      { endpoint, oauth2: { tokenUrl: endpoint, grantType: "implicit" } },
      "connection.oauth2.grantType",
      /"implicit" is not one of "password", "client_credentials"/,
    ],
    [
      "a proxy that is not HTTP",
      { endpoint, proxy: "socks5://a:planted@b" },
      "connection.proxy",
      /not an http:\/\/ or https:\/\/ URL/,
    ],
    [
      "a certificate file that is not there",
      { endpoint, caCert: "/no/such.pem" },
      "connection.caCert",
      /\/no\/such.pem is neither PEM text nor a readable file/,
    ],
    [
      "a key that is neither",
      { endpoint, clientCert: "-----BEGIN", clientKey: "planted\nplanted" },
      "connection.clientKey",
      /the value is neither PEM/,
    ],
    [
      "a timeout that is none",
      { endpoint, requestTimeout: "soon" },
      "connection.requestTimeout",
      /"soon" is not a duration/,
    ],
    ["a number for a token", { endpoint, token: 5 }, "connection.token", /the value is not a string/],
  ];
  for (const [what, connection, property, reason] of refused) {
    it(`with ${what} is refused under ${property}`, () => {
      const failure = failureOf(() => inline(connection));
      assert.equal(failure.property, property);
      assert.match(failure.message, reason);
      assert.doesNotMatch(failure.message, /planted/);
    });
  }

  it("that is not configured is refused with the line that would do it", () => {
    const failure = failureOf(() => resolveConnection(plain, "east", configOf({ plain: { endpoint } })));
    assert.equal(failure.property, "connection");
    assert.equal(
      failure.message,
      `no connection "east" is configured for Plain: pulumi config set --path 'clusterops:connections.east.endpoints[0]' https://...`,
    );
  });

  it("that is configured without an endpoint is refused with the line that would do it", () => {
    const failure = failureOf(() => resolveConnection(plain, undefined, configOf({ plain: { token: "t" } })));
    assert.equal(failure.property, "clusterops:connections.plain");
    assert.match(failure.message, /pulumi config set --path 'clusterops:connections.plain.endpoints\[0\]'/);
  });

  it("is refused under the path of the config that is wrong", () => {
    const config = configOf({ plain: { endpoints: [endpoint, "nonsense"] } });
    assert.equal(
      failureOf(() => resolveConnection(plain, undefined, config)).property,
      "clusterops:connections.plain.endpoints[1]",
    );
  });

  it("is refused when stack config holds a text in place of an object", () => {
    const failure = failureOf(() => resolveConnection(plain, undefined, () => "https://host.test"));
    assert.match(failure.message, /clusterops:connections in the stack's config is not an object/);
  });

  it("is told under the input that means it", () => {
    const failure = failureOf(() => resolveConnection(plain, { endpoint: "x" }, none, "nodes[1]"));
    assert.equal(failure.property, "nodes[1].endpoint");
  });
});

describe("the environment", () => {
  const set = (variables: Record<string, string>) => Object.assign(process.env, variables);
  afterEach(() => {
    for (const name of Object.keys(process.env)) if (name.startsWith("CLUSTEROPS_")) delete process.env[name];
  });

  for (const name of ["tcf-east", "tcfEast", "tcf_east", "TCF.East"]) {
    it(`beats stack config field by field, as CLUSTEROPS_TCF_EAST_... for ${name}`, () => {
      set({
        CLUSTEROPS_TCF_EAST_ENDPOINTS: `${endpoint}, https://b.test,`,
        CLUSTEROPS_TCF_EAST_TOKEN: "from-environment",
      });
      const config = configOf({
        [name]: { endpoint: "https://no.test", token: "from-config", trustedHosts: ["t.test"] },
      });
      const { endpoints, token, trustedHosts } = resolveConnection(plain, name, config);
      assert.deepEqual(
        [endpoints, token, trustedHosts],
        [[endpoint, "https://b.test"], "from-environment", ["t.test"]],
      );
    });
  }

  it("may say everything", () => {
    set({
      CLUSTEROPS_PLAIN_ENDPOINT: endpoint,
      CLUSTEROPS_PLAIN_USERNAME: "jdoe",
      CLUSTEROPS_PLAIN_PASSWORD: "p",
      CLUSTEROPS_PLAIN_HEADERS: '{"x-a": "1"}',
      CLUSTEROPS_PLAIN_OAUTH2: `{"tokenUrl": "${endpoint}/token"}`,
      CLUSTEROPS_PLAIN_BASE_PATH: "/api",
      CLUSTEROPS_PLAIN_INSECURE_SKIP_VERIFY: "true",
      CLUSTEROPS_PLAIN_PROXY: "http://proxy.test:3128",
      CLUSTEROPS_PLAIN_TRUSTED_HOSTS: "a.test, 10.0.0.0/8",
      CLUSTEROPS_PLAIN_REQUEST_TIMEOUT: "5s",
      CLUSTEROPS_PLAIN_CA_CERT: "-----BEGIN ca",
    });
    const resolved = resolveConnection(plain, undefined, none);
    const { endpoints, username, headers, oauth2, tls, proxy, trustedHosts, requestTimeout } = resolved;
    assert.deepEqual(
      [endpoints, username, headers, oauth2, proxy, trustedHosts, requestTimeout],
      [
        [`${endpoint}/api`],
        "jdoe",
        { "x-a": "1" },
        { tokenUrl: `${endpoint}/token` },
        "http://proxy.test:3128",
        ["a.test", "10.0.0.0/8"],
        5_000,
      ],
    );
    assert.deepEqual([tls.ca, tls.rejectUnauthorized], ["-----BEGIN ca", false]);
  });

  it("says nothing of a connection that is given on the spot", () => {
    set({ CLUSTEROPS_PLAIN_TOKEN: "t", CLUSTEROPS_INLINE_TOKEN: "t" });
    assert.equal(inline({ endpoint }).token, undefined);
  });

  it("says nothing where it is empty", () => {
    set({ CLUSTEROPS_PLAIN_TOKEN: "" });
    const { token } = resolveConnection(
      plain,
      undefined,
      configOf({ plain: { endpoint, token: "from-config" } }),
    );
    assert.equal(token, "from-config");
  });

  for (const [name, value, property, reason] of [
    ["HEADERS", "planted", "CLUSTEROPS_PLAIN_HEADERS", /is not a JSON object/],
    [
      "INSECURE_SKIP_VERIFY",
      "perhaps",
      "clusterops:connections.plain.insecureSkipVerify",
      /"perhaps" is not a boolean/,
    ],
    ["ENDPOINT", "nonsense", "clusterops:connections.plain.endpoints[0]", /is not a URL/],
  ] as const) {
    it(`is refused where ${name} makes no sense`, () => {
      set({ [`CLUSTEROPS_PLAIN_${name}`]: value });
      const failure = failureOf(() => resolveConnection(plain, undefined, configOf({ plain: { endpoint } })));
      assert.equal(failure.property, property);
      assert.match(failure.message, reason);
      assert.doesNotMatch(failure.message, /planted/);
    });
  }
});
