import assert from "node:assert/strict";
import { resolveConnection } from "../../../provider/core/connection/resolve.ts";
import { advice } from "../../../provider/core/data/advice.ts";
import { objection, remedy } from "../../../provider/core/http/redirects.ts";
import { plain } from "../client.ts";

describe("whether a redirect may be followed", () => {
  const endpoints = ["https://a.test:9443", "http://plain.test"];
  const trustedHosts = [
    "friend.test",
    "*.cluster.test",
    "10.0.0.0/8",
    "2001:db8::/32",
    "192.168.1.7",
    "not/cidr",
  ];
  const resolved = resolveConnection(plain, { endpoints, trustedHosts }, () => undefined);
  const own = ["172.16.0.9", "FD00:0:0::0001", "Node-3.local."];
  const judged = (to: string, from = "https://a.test:9443/v1") =>
    objection(new URL(from), new URL(to), resolved, own);

  for (const to of [
    "https://a.test:9443/v1/other",
    "https://A.TEST:9443/",
    "https://friend.test:1234/",
    "https://friend.test./",
    "https://n1.cluster.test/",
    "https://n1.east.cluster.test/",
    "https://10.255.3.4/",
    "https://[2001:db8::7]/",
    "https://192.168.1.7/",
    "https://172.16.0.9:9443/",
    "https://[fd00::1]/",
    "https://node-3.local/",
  ]) {
    it(`to ${to}: yes`, () => assert.equal(judged(to), undefined));
  }

  for (const [to, why] of [
    ["https://a.test/", /a.test does not belong to this installation/],
    ["https://a.test.evil.test:9443/", /does not belong/],
    ["https://evil.test/", /does not belong/],
    ["https://cluster.test/", /does not belong/],
    ["https://evilcluster.test/", /does not belong/],
    ["https://friend.test.evil.test/", /does not belong/],
    ["https://11.0.0.1/", /does not belong/],
    ["https://[2001:db9::7]/", /does not belong/],
    ["https://10.0.0.1.evil.test/", /does not belong/],
    ["https://192.168.1.70/", /does not belong/],
    ["https://169.254.169.254/latest/meta-data", /does not belong/],
    ["http://friend.test/", /from https to http/],
    ["http://a.test:9443/", /from https to http/],
    ["https://user:planted@friend.test/", /credentials in its URL/],
    ["ftp://friend.test/", /scheme ftp/],
    ["file:///etc/passwd", /scheme file/],
  ] as const) {
    it(`to ${to}: no`, () => {
      assert.match(judged(to) ?? "followed", why);
      assert.doesNotMatch(judged(to) ?? "", /planted/);
    });
  }

  it("from http to http of a trusted host: yes", () => {
    assert.equal(judged("http://friend.test/", "http://plain.test/"), undefined);
  });

  it("comes with the line that would allow it", () => {
    const evil = new URL("https://New.test:1/x");
    const from = new URL("https://a.test:9443/v1");
    assert.equal(remedy(from, evil, resolved), `add "new.test" to the connection's trustedHosts`);
    const config = () => JSON.stringify({ plain: { endpoints, trustedHosts } });
    assert.equal(
      remedy(from, evil, resolveConnection(plain, undefined, config)),
      advice.configure("connections.plain.trustedHosts[6]", "new.test"),
    );
  });

  for (const to of ["http://new.test/", "javascript:alert(1)", "https://user:planted@new.test/"]) {
    it(`to ${to}: no line would allow it`, () => {
      assert.equal(remedy(new URL("https://a.test:9443/v1"), new URL(to), resolved), undefined);
    });
  }
});
