import assert from "node:assert/strict";
import { ClusteropsError } from "../../../provider/core/data/errors.ts";
import { path, queryString } from "../../../provider/core/http/path.ts";
import { get, open } from "../client.ts";
import { serve } from "../server.ts";

describe("a request path", () => {
  for (const [id, encoded] of [
    ["AAABcID5GBc=", "AAABcID5GBc%3D"],
    ["a/b+c", "a%2Fb%2Bc"],
    ["../../users", "..%2F..%2Fusers"],
    ["%2e%2e%2f", "%252e%252e%252f"],
    ["...", "..."],
    ["a?b#c", "a%3Fb%23c"],
    ["a\r\nHost: evil\0", "a%0D%0AHost%3A%20evil%00"],
    ["a;b\\c", "a%3Bb%5Cc"],
    ["ä😀", "%C3%A4%F0%9F%98%80"],
    [7, "7"],
  ] as const) {
    it(`holds ${JSON.stringify(id)} in one segment, on the wire too`, async () => {
      const built = path`/v1/nodes/${id}/actions/${id}`;
      assert.equal(built, `/v1/nodes/${encoded}/actions/${encoded}`);
      await using server = await serve(() => ({}));
      await get(open(server.url), built);
      assert.equal(server.requests[0]?.url, built);
    });
  }

  it("holds an id of 10 kB", async () => {
    await using server = await serve(() => ({}));
    const built = path`/v1/${"/".repeat(3_300)}`;
    await get(open(server.url), built);
    assert.equal(server.requests[0]?.url, built);
  });

  for (const id of ["", ".", "..", "\ud800"]) {
    it(`cannot be built with ${JSON.stringify(id)}`, () =>
      assert.throws(() => path`/v1/${id}`, ClusteropsError));
  }
});

describe("a query", () => {
  for (const [query, text] of [
    [{}, ""],
    [undefined, ""],
    [{ a: undefined, b: [] }, ""],
    [{ a: 1, b: true, c: "x y&z=" }, "?a=1&b=true&c=x+y%26z%3D"],
    [{ channel: ["de", "en"] }, "?channel=de&channel=en"],
    [{ a: "" }, "?a="],
  ] as const) {
    it(`of ${JSON.stringify(query)} is ${JSON.stringify(text)}`, () =>
      assert.equal(queryString(query), text));
  }
});
