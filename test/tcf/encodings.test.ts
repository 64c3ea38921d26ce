import assert from "node:assert/strict";
import { deflateRawSync, gzipSync } from "node:zlib";
import { type Packed, packing } from "../support/packing-relay.ts";
import { openHarness, wanted } from "./harness.ts";

const bom = Buffer.from([0xef, 0xbb, 0xbf]);

describe("ActiveCluster, whose answers something on the way has packed,", () => {
  const rows: [what: string, pack: (body: Buffer) => Packed][] = [
    ["begins with a byte order mark", (body) => [Buffer.concat([bom, body])]],
    ["is UTF-16", (body) => [Buffer.from(`\ufeff${body.toString("utf8")}`, "utf16le")]],
    [
      "is gzip, with a byte order mark inside",
      (body) => [gzipSync(Buffer.concat([bom, body])), { "content-encoding": "gzip" }],
    ],
    ["is deflate without its frame", (body) => [deflateRawSync(body), { "content-encoding": "deflate" }]],
  ];
  for (const [what, pack] of rows) {
    it(`fails over once, and records the names as they are: each ${what}`, async () => {
      await using relays = new AsyncDisposableStack();
      await using harness = await openHarness("tcf:ActiveCluster", {}, async ({ endpoints }) => ({
        endpoints: [relays.use(await packing(endpoints[0] ?? "", pack)).url],
      }));
      await harness.stack.up(wanted());
      assert.deepEqual(harness.switched(), ["demote cluster1", "promote cluster2"]);
      const { activeName, passiveName, activeId, passiveId } = harness.stack.state?.outputs ?? {};
      assert.deepEqual(
        [activeName, passiveName, activeId, passiveId],
        ["cluster2", "cluster1", "cluster2", "cluster1"],
      );
      assert.equal(await harness.stack.up(wanted()), "same");
      assert.equal(harness.switched().length, 2);
    });
  }
});
