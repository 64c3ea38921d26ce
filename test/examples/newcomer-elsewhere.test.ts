import assert from "node:assert/strict";
import { blocksOf } from "../docs/blocks.ts";
import { built } from "../support/built.ts";
import { journey, Newcomer, skipWithoutRegistry } from "./newcomer.ts";

const managers = [
  // From 11 on pnpm gets itself from the registry once more, for every platform: that is no test of ours.
  { name: "pnpm", from: "pnpm@10.34.9", npx: "pnpm exec" },
  { name: "yarn", from: "@yarnpkg/cli-dist@4.18.1", npx: "yarn" },
];

for (const { name, from, npx } of managers) {
  describe(`README.md, typed by somebody new who uses ${name}`, function () {
    this.timeout(300_000);
    let newcomer: Newcomer;

    before(async function () {
      await built.call(this);
      this.timeout(300_000);
      await skipWithoutRegistry(this);
      newcomer = await Newcomer.create();
      await newcomer.has(name, from);
    });
    after(() => newcomer?.[Symbol.asyncDispose]());

    it("gets to the first preview", async () => {
      const install = blocksOf("README.md").filter(({ use }) => use === name);
      const upToConnections = journey.slice(1, journey.findIndex(({ use }) => use === "paste") + 1);
      for (const block of [...install, ...upToConnections]) await newcomer.does(block, npx);
      assert.match(
        await newcomer.types("pulumi preview"),
        /node 2: maintenance_on, 4 shards to migrate, 2 other nodes free.*\+ 3 to create/s,
      );
    });
  });
}
