import assert from "node:assert/strict";
import { expecting, tokenIn } from "./approval.ts";
import { directDoor } from "./door.ts";
import { failureOf, withHarness } from "./resource-case.ts";
import { cases } from "./rules.ts";
import { Stack } from "./stack.ts";

const planned = { program: "orders/production", resource: "it" };

describe("what was approved by the names of a program", function () {
  this.timeout(20_000);

  for (const resource of cases.filter(({ costs }) => costs > 0)) {
    it(`is void for ${resource.type}, where its connection leads elsewhere since: to a cluster that looks the same`, () =>
      withHarness(directDoor, resource, async ({ connections, good }) => {
        await using first = await directDoor.open(resource.type, connections, { planned });
        await expecting("report", () => new Stack(first).preview(good));
        const token = tokenIn(first.said.plans);
        await withHarness(directDoor, resource, async ({ connections: elsewhere, spent }) => {
          await using other = await directDoor.open(resource.type, elsewhere, { planned });
          const { mutating } = await spent(async () => {
            const { message } = await failureOf(expecting(token, () => new Stack(other).preview(good)));
            assert.match(
              message,
              /since it was approved, this has changed: \S+ leads to: was localhost\S*, is /,
            );
            const { inputs } = await other.check(undefined, good, false);
            const failure = await failureOf(expecting(token, () => other.create(inputs)));
            assert.match(failure.message, /leads to: was localhost\S*, is .*; nothing was sent\./);
          });
          assert.equal(mutating, 0);
        });
        await using same = await directDoor.open(resource.type, connections, { planned });
        await expecting(token, () => new Stack(same).up(good));
      }));
  }

  it("holds where the connection has one more endpoint, and another name", () => {
    const [resource = assert.fail()] = cases.filter(({ type }) => type === "redis:NodeMaintenance");
    return withHarness(directDoor, resource, async ({ connections: { redis = {} }, good, spent }) => {
      await using first = await directDoor.open(resource.type, { redis }, { planned });
      await expecting("report", () => new Stack(first).preview(good));
      const token = tokenIn(first.said.plans);
      const more = { ...redis, endpoints: ["http://127.0.0.1:9", ...(redis.endpoints ?? [])] };
      await using second = await directDoor.open(resource.type, { east: more }, { planned });
      const { mutating } = await spent(() =>
        expecting(token, () => new Stack(second).up({ ...good, connection: "east" })),
      );
      assert.equal(mutating, resource.costs);
    });
  });
});
