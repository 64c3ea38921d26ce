import assert from "node:assert/strict";
import { credentialsIn } from "../../sdk/plain-credentials.ts";

describe("credentials of stack configuration", () => {
  it("are found wherever they stand, without their values", () => {
    const connections = {
      redis: {
        endpoints: ["https://a.test"],
        username: "ops",
        password: "planted",
        headers: { "X-Env": "prod" },
      },
      tcf: { token: "planted" },
      search: {
        oauth2: { tokenUrl: "https://a.test", clientId: "c", clientSecret: "planted", password: "planted" },
      },
      pair: { clientCert: "cert.pem", clientKey: "key.pem" },
      inline: { clientKey: "-----BEGIN PRIVATE KEY-----" },
      digits: { password: 4711 },
      "search.test": { token: "planted" },
      none: { endpoints: [], password: "" },
    };
    assert.deepEqual(credentialsIn(JSON.stringify(connections)), [
      "connections.redis.password",
      "connections.tcf.token",
      "connections.search.oauth2.clientSecret",
      "connections.search.oauth2.password",
      "connections.inline.clientKey",
      "connections.digits.password",
      'connections["search.test"].token',
    ]);
  });

  for (const text of [
    "",
    "https://host.test",
    "null",
    "5",
    '"x"',
    '{"redis":"x"}',
    '{"redis":null}',
    '{"redis":{"oauth2":"x"}}',
  ])
    it(`are none in what is no connection: ${text}`, () => assert.deepEqual(credentialsIn(text), []));
});
