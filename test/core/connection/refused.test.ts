import assert from "node:assert/strict";
import { resolveConnection } from "../../../provider/core/connection/resolve.ts";
import { advice } from "../../../provider/core/data/advice.ts";
import { plain } from "../client.ts";
import { configOf, endpoint, inline, none, refusalOf } from "./connection-cases.ts";

describe("a connection", () => {
  const refused: [string, object, string, RegExp][] = [
    ["no endpoint", { token: "t" }, "connection", /has no endpoint: give endpoint: "https:\/\/\.\.\."/],
    ["an empty list of endpoints", { endpoints: [] }, "connection.endpoints", /fewer than 1/],
    ["what is not a URL", { endpoint: "host:9443 " }, "connection.endpoint", /write https:\/\//],
    [
      "a token with a line break",
      { endpoint, token: "planted\n" },
      "connection.token",
      /no header can carry/,
    ],
    [
      "a header that cannot be sent",
      { endpoint, headers: { "X-Key": "planted\r\nX: 1" } },
      "connection.headers.X-Key",
      /no header can carry/,
    ],
    [
      "a header without a name",
      { endpoint, headers: { "": "planted" } },
      'connection.headers[""]',
      /no header can/,
    ],
    [
      "a header whose name has a dot, and which cannot be sent",
      { endpoint, headers: { "X.Key": "planted\n" } },
      'connection.headers["X.Key"]',
      /no header can/,
    ],
    ...["Transfer-Encoding", "content-length", "Keep-Alive", "Upgrade", "Expect"].map(
      (name): [string, object, string, RegExp] => [
        `a header that says how a message travels: ${name}`,
        { endpoint, headers: { [name]: "1" } },
        `connection.headers.${name}`,
        /is set for each request by what sends it: leave it out/,
      ],
    ),
    [
      "a Connection header that keeps no connection",
      { endpoint, headers: { Connection: "Upgrade" } },
      "connection.headers.Connection",
      /leave it out/,
    ],
    [
      "one header twice",
      { endpoint, headers: { "X-Key": "planted", "x-key": "planted2" } },
      "connection.headers.x-key",
      /is the same header as X-Key, with another value/,
    ],
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
    [
      "two URLs in one",
      { endpoints: ["https://a.test,https://b.test"] },
      "connection.endpoints[0]",
      /^"https:\/\/a\.test,https:\/\/b\.test" is more than one URL: write each as an entry of its own/,
    ],
    [
      "two hosts in one URL",
      { endpoint: "https://a.test;b.test:9443" },
      "connection.endpoint",
      /is more than one URL/,
    ],
    ["a number for a token", { endpoint, token: 5 }, "connection.token", /the value is not a string/],
  ];
  for (const [what, connection, property, reason] of refused) {
    it(`with ${what} is refused under ${property}`, () => {
      const failure = refusalOf(() => inline(connection));
      assert.equal(failure.property, property);
      assert.match(failure.message, reason);
      assert.doesNotMatch(failure.message, /planted/);
    });
  }

  it("that is not configured is refused with the line that would do it", () => {
    const failure = refusalOf(() => resolveConnection(plain, "east", configOf({ plain: { endpoint } })));
    assert.equal(failure.property, "connection");
    assert.equal(
      failure.message,
      `no connection "east" is configured for Plain: ${advice.configure("connections.east.endpoints[0]", "https://...")}`,
    );
  });

  it("that is configured without an endpoint is refused with the line that would do it", () => {
    const failure = refusalOf(() => resolveConnection(plain, undefined, configOf({ plain: { token: "t" } })));
    assert.equal(failure.property, "clusterops:connections.plain");
    assert.ok(failure.message.includes(advice.configure("connections.plain.endpoints[0]", "https://...")));
  });

  it("is refused under the path of the config that is wrong", () => {
    const config = configOf({ plain: { endpoints: [endpoint, "nonsense"] } });
    assert.equal(
      refusalOf(() => resolveConnection(plain, undefined, config)).property,
      "clusterops:connections.plain.endpoints[1]",
    );
  });

  it("is refused when stack config holds a text in place of an object", () => {
    const failure = refusalOf(() => resolveConnection(plain, undefined, () => "https://host.test"));
    assert.equal(failure.property, "clusterops:connections");
    assert.match(failure.message, /^is not an object with one entry per connection/);
  });

  it("is told under the input that means it", () => {
    const failure = refusalOf(() => resolveConnection(plain, { endpoint: "x" }, none, "nodes[1]"));
    assert.equal(failure.property, "nodes[1].endpoint");
  });
});
