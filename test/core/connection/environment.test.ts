import assert from "node:assert/strict";
import { resolveConnection } from "../../../provider/core/connection/resolve.ts";
import { createAuthority } from "../../support/certificates.ts";
import { plain } from "../client.ts";
import { configOf, endpoint, inline, none, refusalOf } from "./connection-cases.ts";

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

  it("may say everything", async () => {
    const { ca } = await createAuthority();
    set({
      CLUSTEROPS_PLAIN_ENDPOINT: endpoint,
      CLUSTEROPS_PLAIN_USERNAME: "jdoe",
      CLUSTEROPS_PLAIN_PASSWORD: "p",
      CLUSTEROPS_PLAIN_HEADERS: '{"x-a": "1"}',
      CLUSTEROPS_PLAIN_BASE_PATH: "/api",
      CLUSTEROPS_PLAIN_INSECURE_SKIP_VERIFY: "true",
      CLUSTEROPS_PLAIN_PROXY: "http://proxy.test:3128",
      CLUSTEROPS_PLAIN_TRUSTED_HOSTS: "a.test, 10.0.0.0/8",
      CLUSTEROPS_PLAIN_REQUEST_TIMEOUT: "5s",
      CLUSTEROPS_PLAIN_CA_CERT: ca,
    });
    const resolved = resolveConnection(plain, undefined, none);
    const { endpoints, username, headers, tls, proxy, trustedHosts, requestTimeout } = resolved;
    assert.deepEqual(
      [endpoints, username, headers, proxy, trustedHosts, requestTimeout],
      [
        [`${endpoint}/api`],
        "jdoe",
        { "x-a": "1" },
        "http://proxy.test:3128",
        ["a.test", "10.0.0.0/8"],
        5_000,
      ],
    );
    assert.deepEqual([tls.ca?.trim(), tls.rejectUnauthorized], [ca.trim(), false]);
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
      "CLUSTEROPS_PLAIN_INSECURE_SKIP_VERIFY",
      /"perhaps" is not a boolean/,
    ],
    ["ENDPOINT", "nonsense", "CLUSTEROPS_PLAIN_ENDPOINT", /is not a URL/],
    ["ENDPOINTS", "https://a.test,nonsense", "CLUSTEROPS_PLAIN_ENDPOINTS[1]", /is not a URL/],
    ["CA_CERT", "/no/such.pem", "CLUSTEROPS_PLAIN_CA_CERT", /there is no such file/],
    ["REQUEST_TIMEOUT", "soon", "CLUSTEROPS_PLAIN_REQUEST_TIMEOUT", /is not a duration/],
    ["TOKEN", "planted\n", "CLUSTEROPS_PLAIN_TOKEN", /no header can carry/],
    ["PROXY", "socks5://planted:1", "CLUSTEROPS_PLAIN_PROXY", /is not an http/],
    ["HEADERS", '{"X-Key": ["planted"]}', "CLUSTEROPS_PLAIN_HEADERS.X-Key", /is not a string/],
    ["OAUTH2", '{"clientSecret": "planted"}', "CLUSTEROPS_PLAIN_OAUTH2.tokenUrl", /is required/],
    ["USERNAME", "jdoe", "CLUSTEROPS_PLAIN_PASSWORD", /is missing: username needs password/],
    ["CLIENT_KEY", "/no/such.pem", "CLUSTEROPS_PLAIN_CLIENT_CERT", /is missing: clientKey needs clientCert/],
  ] as const) {
    it(`is refused under its variable where ${name} makes no sense: ${reason.source}`, () => {
      set({ [`CLUSTEROPS_PLAIN_${name}`]: value });
      const failure = refusalOf(() => resolveConnection(plain, undefined, configOf({ plain: { endpoint } })));
      assert.equal(failure.property, property);
      assert.match(failure.message, reason);
      assert.doesNotMatch(failure.message, /planted/);
    });
  }

  it("is not blamed for what stack config says beside it", () => {
    set({ CLUSTEROPS_PLAIN_OAUTH2: '{"clientSecret": "planted"}', CLUSTEROPS_PLAIN_ENDPOINT: endpoint });
    const config = configOf({ plain: { oauth2: { tokenUrl: "nonsense" }, requestTimeout: "soon" } });
    const { property } = refusalOf(() => resolveConnection(plain, undefined, config));
    assert.equal(property, "clusterops:connections.plain.oauth2.tokenUrl");
  });
});
