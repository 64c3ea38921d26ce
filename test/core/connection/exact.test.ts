import assert from "node:assert/strict";
import { words } from "../../../doors/shared/words.ts";
import { resolveConnection } from "../../../provider/core/connection/resolve.ts";
import { worded } from "../../../provider/core/data/advice.ts";
import { plain } from "../client.ts";
import { endpoint, refusalOf } from "./connection-cases.ts";

/** As Pulumi hands it in, with numbers as they stand in its JSON. */
const config = (fields: string) => () => `{"plain":{"endpoints":["${endpoint}"],${fields}}}`;

describe("a number in place of a text", () => {
  const lost: [fields: string, property: string, says: string][] = [
    [
      '"username":12345678901234567000,"password":"p"',
      "username",
      "--path 'clusterops:connections.plain.username' --type string ...",
    ],
    ['"username":9007199254740993,"password":"p"', "username", "--type string"],
    [
      '"username":"u","password":1.2345678901234567e+19',
      "password",
      "pulumi config set --secret --path 'clusterops:connections.plain.password'",
    ],
    ['"token":1e5', "token", "--secret"],
    ['"token":1.50', "token", "--secret"],
    ['"token":-0', "token", "--secret"],
    [
      '"headers":{"X-Id":90071992547409931}',
      "headers.X-Id",
      "--secret --path 'clusterops:connections.plain.headers.X-Id'",
    ],
    [`"oauth2":{"tokenUrl":"${endpoint}","clientId":90071992547409931}`, "oauth2.clientId", "--type string"],
    [
      `"oauth2":{"tokenUrl":"${endpoint}","clientSecret":90071992547409931}`,
      "oauth2.clientSecret",
      "--secret",
    ],
    ['"trustedHosts":[1.50]', "trustedHosts[0]", "--path 'clusterops:connections.plain.trustedHosts[0]'"],
  ];
  for (const [fields, field, says] of lost) {
    it(`is refused where it has lost digits, with how to keep them: ${fields}`, () => {
      const failure = refusalOf(() => resolveConnection(plain, undefined, config(fields)));
      assert.equal(failure.property, `clusterops:connections.plain.${field}`);
      const message = worded(failure.message, words);
      assert.match(message, /^is a number that has lost digits on its way: pulumi config set /);
      assert.ok(message.includes(says), message);
      assert.doesNotMatch(message, /123456|900719/);
    });
  }

  it("is refused in a connection whose name has a dot, as Pulumi writes its path", () => {
    const named = () => `{"plain.test":{"endpoints":["${endpoint}"],"token":1e5}}`;
    const failure = refusalOf(() => resolveConnection(plain, "plain.test", named));
    assert.equal(failure.property, 'clusterops:connections["plain.test"].token');
    assert.ok(
      worded(failure.message, words).endsWith(
        `pulumi config set --secret --path 'clusterops:connections["plain.test"].token'`,
      ),
      failure.message,
    );
  });

  for (const [fields, username] of [
    ['"username":49123,"password":"p"', "49123"],
    ['"username":9007199254740991,"password":"p"', "9007199254740991"],
    ['"username":true,"password":"p"', "true"],
    ['"username":"9007199254740993","password":"p"', "9007199254740993"],
    ['"username":"007","password":"p"', "007"],
  ] as const) {
    it(`is taken where it is what was written: ${fields}`, () =>
      assert.equal(resolveConnection(plain, undefined, config(fields)).username, username));
  }

  it("may have a fraction where a number is meant", () =>
    assert.equal(resolveConnection(plain, undefined, config('"requestTimeout":0.5')).requestTimeout, 500));

  it("is refused in a variable that holds JSON, too", () => {
    process.env.CLUSTEROPS_PLAIN_HEADERS = '{"X-Id": 90071992547409931}';
    try {
      const failure = refusalOf(() => resolveConnection(plain, undefined, config('"token":"t"')));
      assert.equal(failure.property, "CLUSTEROPS_PLAIN_HEADERS.X-Id");
      assert.match(failure.message, /put it in quotes/);
    } finally {
      delete process.env.CLUSTEROPS_PLAIN_HEADERS;
    }
  });
});
