import assert from "node:assert/strict";
import { addressesOf, hostIn, hostOf, overlap } from "../../../provider/core/connection/identity.ts";

describe("where endpoints lead", () => {
  const same: [string, string][] = [
    ["https://HOST.test:9443/", "https://host.test:9443"],
    ["https://host.test.:9443", "https://host.test:9443"],
    ["https://host.test", "http://host.test"],
    ["http://127.0.0.1:8080", "http://localhost:8080"],
    ["http://127.0.0.1:8080", "http://[::1]:8080"],
    ["http://127.1.2.3:8080", "http://localhost:8080"],
  ];
  for (const [one, other] of same) {
    it(`${one} and ${other} are one address`, () =>
      assert.deepEqual(addressesOf([one]), addressesOf([other])));
  }

  const different: [string, string][] = [
    ["https://a.test", "https://b.test"],
    ["https://a.test:1", "https://a.test:2"],
    ["https://a.test/one", "https://a.test/two"],
    ["https://localhost.test", "https://localhost"],
    ["https://[2001:db8::1]:9443", "https://[2001:db8::1:9443]"],
  ];
  for (const [one, other] of different) {
    it(`${one} and ${other} are two`, () =>
      assert.equal(overlap(addressesOf([one]), addressesOf([other])), false));
  }

  for (const [endpoint, host] of [
    ["https://a.test", "a.test"],
    ["https://a.test:9443/path", "a.test"],
    ["https://[2001:db8::1]", "2001:db8::1"],
    ["https://[2001:db8::1]:9443", "2001:db8::1"],
    ["https://[2001:DB8:0::1]/path", "2001:db8::1"],
    ["https://10.0.0.1:9443", "10.0.0.1"],
    ["https://[2001:db8::1]", "2001:DB8:0:0::1"],
    ["http://[::1]:8080", "localhost"],
  ] as const)
    it(`${endpoint} is on host ${host}, as its installation names it`, () => {
      const [address = ""] = addressesOf([endpoint]);
      assert.equal(hostIn(address), hostOf(host));
    });

  it("does not depend on their order, and is each one once", () => {
    const endpoints = ["https://b.test", "https://a.test", "https://B.test/"];
    assert.deepEqual(addressesOf(endpoints), ["a.test", "b.test"]);
  });
});
