import assert from "node:assert/strict";
import { words } from "../../../doors/shared/words.ts";
import type { ConfigSource } from "../../../provider/core/connection/configured.ts";
import { resolveConnection } from "../../../provider/core/connection/resolve.ts";
import { warningsOf } from "../../../provider/core/connection/warnings.ts";
import { worded } from "../../../provider/core/data/advice.ts";
import { Session } from "../../../provider/core/work/installation.ts";
import { plain } from "../client.ts";
import { endpoint, refusalOf } from "./connection-cases.ts";

/** Stack config by key; objects as the JSON text that a door hands in. */
const source = (keys: Record<string, unknown>): ConfigSource =>
  Object.assign(
    (key: string) =>
      typeof keys[key] === "object" ? JSON.stringify(keys[key]) : (keys[key] as string | undefined),
    { keys: () => Object.keys(keys) },
  );

const refusedFor = (keys: Record<string, unknown>, name?: string) => {
  const { property, message } = refusalOf(() => resolveConnection(plain, name, source(keys)));
  return { property, message: worded(message, words) };
};

describe("a connection that is not there", () => {
  const mistakes: [what: string, keys: Record<string, unknown>, ...says: string[]][] = [
    [
      "--path was forgotten",
      { "clusterops:connections.plain.endpoints[0]": endpoint },
      "clusterops:connections.plain.endpoints[0] was set without --path",
      "pulumi config rm 'clusterops:connections.plain.endpoints[0]'",
      "pulumi config set --path 'clusterops:connections.plain.endpoints[0]' --type string https://...",
    ],
    [
      "--path was forgotten for a secret",
      { "clusterops:connections.plain.password": "planted" },
      "pulumi config rm 'clusterops:connections.plain.password'",
      "pulumi config set --secret --path 'clusterops:connections.plain.password'",
    ],
    [
      "the namespace was forgotten",
      { "shop:connections": { plain: { endpoints: [endpoint], password: "planted" } } },
      'shop:connections is in the namespace "shop", and is not read',
      "pulumi config rm 'shop:connections'",
      "pulumi config set --path 'clusterops:connections.plain.endpoints[0]'",
    ],
    [
      "the namespace and --path were forgotten",
      { "shop:connections.plain.password": "planted" },
      "shop:connections.plain.password is in the namespace",
      "pulumi config set --secret --path 'clusterops:connections.plain.password'",
    ],
    [
      "connections was forgotten",
      { "clusterops:plain": { endpoints: [endpoint] } },
      "clusterops:plain is not read, connections stand under clusterops:connections",
      "pulumi config rm 'clusterops:plain'",
      "pulumi config set --path 'clusterops:connections.plain.endpoints[0]'",
    ],
    [
      "the key is misspelled",
      { "clusterops:conections": { plain: { endpoints: [endpoint] } } },
      "clusterops:conections is not read: did you mean clusterops:connections?",
    ],
    [
      "the namespace is misspelled",
      { "clusterop:connections": { other: { endpoints: [endpoint] } } },
      "did you mean clusterops:connections?",
    ],
  ];
  for (const [what, keys, ...says] of mistakes) {
    it(`is told where ${what}`, () => {
      const { property, message } = refusedFor(keys);
      assert.equal(property, "connection");
      for (const said of ['no connection "plain" is configured', ...says])
        assert.ok(message.includes(said), message);
      assert.doesNotMatch(message, /planted/);
    });
  }

  for (const [name, near] of [
    ["redis-est", "redis-east"],
    ["redisEast", "redis-east"],
    ["REDIS_EAST", "redis-east"],
    ["plian", "plain"],
  ] as const) {
    it(`named ${name} is told that there is ${near}`, () => {
      const keys = { "clusterops:connections": { "redis-east": { endpoint }, plain: { endpoint } } };
      assert.ok(refusedFor(keys, name).message.includes(`(did you mean "${near}"?)`));
    });
  }

  it("is told of all that are equally near", () => {
    const all = ["cluster1", "other", "cluster2", "cluster4"].map((name) => [name, { endpoint }]);
    const keys = { "clusterops:connections": Object.fromEntries(all) };
    const { message } = refusedFor(keys, "cluster3");
    assert.ok(message.includes('(did you mean "cluster1", "cluster2" or "cluster4"?)'), message);
  });

  it("is not told of one that is far from it", () => {
    const keys = { "clusterops:connections": { "redis-east": { endpoint } } };
    assert.doesNotMatch(refusedFor(keys, "tcf").message, /did you mean/);
  });

  for (const key of ["dc.north.password", '["dc.north"].password']) {
    it(`is told with its dot in quotes: ${key}`, () => {
      const path = key.startsWith("[") ? `clusterops:connections${key}` : `clusterops:connections.${key}`;
      const { message } = refusedFor({ [path]: "planted" }, "dc.north");
      assert.ok(message.includes(`pulumi config rm '${path}'`), message);
      assert.match(message, /set --secret --path 'clusterops:connections\["dc.north"\].password'$/);
    });
  }

  for (const address of [
    "host.test:9443",
    "10.1.2.3:9443",
    "[::1]:9443",
    "host.test:9443/api",
    "planted@host.test",
  ]) {
    it(`is told where its address stands in place of its name: ${address.replace("planted", "...")}`, () => {
      const { property, message } = refusedFor({}, address);
      assert.equal(property, "connection");
      assert.match(message, /that looks like an address, .* write \{ endpoint: "https:\/\/host:port" \}$/);
      assert.doesNotMatch(message, /planted/);
    });
  }

  for (const name of ["constructor", "toString", "__proto__"]) {
    it(`is not there for every object being able to ${name}`, () =>
      assert.match(refusedFor({ "clusterops:connections": {} }, name).message, /^no connection "/));
  }

  it("is told where another package's connections are none of it", () => {
    const { message } = refusedFor({ "aws:connections": { other: {} } });
    assert.match(message, /: pulumi config set --path 'clusterops:connections.plain.endpoints\[0\]' https:/);
  });

  it("is told where its endpoint stands in its place", () => {
    const { property, message } = refusedFor({
      "clusterops:connections": { plain: "https://ops:planted@host.test" },
    });
    assert.equal(property, "clusterops:connections.plain");
    assert.equal(
      message,
      "is a text, and has to be an object with endpoints: pulumi config rm --path 'clusterops:connections.plain', then pulumi config set --path 'clusterops:connections.plain.endpoints[0]' https://...",
    );
  });

  for (const text of ["https://ops:planted@host.test", "5", '["planted"]', '"planted"']) {
    it(`is told where ${text.replace(/planted/, "...")} stands in place of all connections`, () => {
      const { message } = refusedFor({ "clusterops:connections": text });
      assert.match(
        message,
        /is not an object with one entry per connection: pulumi config rm 'clusterops:connections'/,
      );
      assert.doesNotMatch(message, /planted/);
    });
  }

  for (const url of [
    "https://host.test:9443",
    "https://ops:planted@host.test",
    "ops:planted@host.test:9443",
  ]) {
    it(`is told where a URL stands in place of its name: ${url.replace(/planted/, "...")}`, () => {
      const { property, message } = refusedFor({}, url);
      assert.equal(property, "connection");
      assert.match(message, /^is a URL, .* write \{ endpoint: "https:\/\/host:port" \}/);
      assert.equal(/user name and password belong in username and password/.test(message), url.includes("@"));
      assert.doesNotMatch(message, /planted|host\.test/);
    });
  }
});

describe("a connection that is there", () => {
  const settings = { endpoints: [endpoint], username: "ops" };

  it("names what was set without --path where it is missing", () => {
    const { property, message } = refusedFor({
      "clusterops:connections": { plain: settings },
      "clusterops:connections.plain.password": "planted",
    });
    assert.equal(property, "clusterops:connections.plain.password");
    assert.match(
      message,
      /^is missing: username needs password \(clusterops:connections.plain.password was set without/,
    );
    assert.doesNotMatch(message, /planted/);
  });

  const doubts = (keys: Record<string, unknown>) =>
    warningsOf(plain, undefined, source(keys)).map((warning) => worded(warning, words));

  it("warns of what was set without --path where it is not needed", () => {
    const keys = { "clusterops:connections": { plain: settings }, "clusterops:connections.plain.proxy": "x" };
    assert.match(doubts(keys).join(), /^clusterops:connections.plain.proxy was set without --path/);
  });

  it("warns of a secret that is a number, which began with a zero or a plus, perhaps", () => {
    const keys = {
      "clusterops:connections": { plain: { ...settings, password: 49123, oauth2: { clientSecret: 7 } } },
    };
    const [first, second] = doubts(keys);
    assert.match(
      first ?? "",
      /plain.password is a number, .*: pulumi config set --secret --path 'clusterops:connections.plain.password'$/,
    );
    assert.match(second ?? "", /plain.oauth2.clientSecret is a number/);
    assert.doesNotMatch(`${first}${second}`, /49123/);
  });

  it("warns once in a session of a key that is nearly one of ours", () => {
    const config = source({
      "clusterops:connections": { redis: { endpoint }, east: { endpoint } },
      "clusterops:dor": "native",
      "clusterops:refreshBeforeUpdat": "true",
      "clusterops:connectionn": "{}",
      "clusterops:door": "native",
      "clusterops:mine": "x",
    });
    const said: string[] = [];
    const session = new Session();
    for (const name of ["redis", "east"])
      session.connect(plain, name, config, {
        property: "connection",
        warn: (text) => said.push(worded(text, words)),
      });
    assert.deepEqual(said.sort(), [
      "clusterops:connectionn is not read: did you mean clusterops:connections? pulumi config rm 'clusterops:connectionn'",
      "clusterops:dor is not read: did you mean clusterops:door? pulumi config rm 'clusterops:dor'",
      "clusterops:refreshBeforeUpdat is not read: did you mean clusterops:refreshBeforeUpdate? pulumi config rm 'clusterops:refreshBeforeUpdat'",
    ]);
  });

  it("says how a list is written where one text stands in its place", () => {
    const { property, message } = refusedFor({
      "clusterops:connections": { plain: { endpoints: endpoint } },
    });
    assert.equal(property, "clusterops:connections.plain.endpoints");
    assert.match(
      message,
      /is not an array: pulumi config rm --path '(\S+\.endpoints)', then pulumi config set --path '\1\[0\]' https:/,
    );
  });

  it("warns of nothing else", () => {
    assert.deepEqual(doubts({ "clusterops:connections": { plain: { ...settings, password: "49123" } } }), []);
  });
});
