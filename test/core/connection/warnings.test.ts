import assert from "node:assert/strict";
import type { Connection } from "../../../provider/core/connection/settings.ts";
import { warningsOfSettings } from "../../../provider/core/connection/warnings.ts";
import { redis } from "../../../provider/redis/system.ts";
import { plain } from "../client.ts";
import { endpoint, inline } from "./connection-cases.ts";

const warnings = (settings: Connection, system = plain) =>
  warningsOfSettings(inline({ endpoint, ...settings }, system));

describe("a connection is warned of", () => {
  const doubted: [what: string, Connection, said: RegExp][] = [
    [
      "where a password ends with the line break of its file",
      { username: "u", password: "planted\n" },
      /^password ends with a line break, which is sent as a part of it$/,
    ],
    [
      "where a client's secret does",
      { oauth2: { tokenUrl: endpoint, clientSecret: "planted\r\n" } },
      /^oauth2.clientSecret ends with a line break/,
    ],
    [
      "where a user's name has a colon in it",
      { username: "planted:x", password: "p" },
      /^username has a colon/,
    ],
    [
      "where a token begins with its scheme",
      { token: "Bearer planted" },
      /^token begins with "Bearer": "Bearer" is/,
    ],
    [
      "where a trusted host is a URL",
      { trustedHosts: ["a.test", "https://u:planted@b.test"] },
      /^trustedHosts\[1\] is a URL, and should be the host alone: no redirect will ever match it$/,
    ],
    ["where a trusted host has a port", { trustedHosts: ["a.test:9443"] }, /\[0\] has a port/],
    ["where a trusted address has a port", { trustedHosts: ["[::1]:9443"] }, /\[0\] has a port/],
    ["where a trusted range is none", { trustedHosts: ["10.0.0.0/33"] }, /\[0\] is no range of addresses/],
    ["where a trusted suffix begins with a dot", { trustedHosts: [".a.test"] }, /\[0\] begins with a dot/],
    ["where a trusted range is written with a *", { trustedHosts: ["10.1.*"] }, /\[0\] has a \* that stands/],
    ["where all are trusted", { trustedHosts: ["*"] }, /\[0\] has a \*/],
  ];
  for (const [what, settings, said] of doubted) {
    it(what, () => {
      const [first = "", ...others] = warnings(settings);
      assert.match(first, said);
      assert.deepEqual(others, []);
      assert.doesNotMatch(first, /planted/);
    });
  }

  it("with the word that the system puts before a token", () =>
    assert.match(
      warnings({ token: "JWT planted" }, redis)[0] ?? "",
      /^token begins with "JWT": "JWT" is put/,
    ));

  it("for nothing that can be meant", () => {
    const trustedHosts = [
      "a.test",
      "*.b.test",
      "10.0.0.0/8",
      "fe80::/10",
      "[::1]",
      "::1",
      "10.1.2.3",
      "A.test.",
    ];
    const settings = { username: "ops@example.com", password: "p w:\n x", trustedHosts };
    assert.deepEqual([...warnings(settings), ...warnings({ token: "Bearer.planted" })], []);
  });
});
