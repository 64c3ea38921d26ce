import assert from "node:assert/strict";
import { startRedis } from "../../simulators/index.ts";
import { expecting, tokenIn } from "../rules/approval.ts";
import { failureOf } from "../rules/resource-case.ts";
import { closed, openStack, openToday } from "./stage.ts";

describe("what is approved before its maintenance window opens", () => {
  it("is previewed with a warning, refused while the window is shut, and carried out in it", async () => {
    await using redis = await startRedis({ actionMs: 20 });
    const connections = { redis: { endpoints: redis.endpoints } };
    const open = (guards: object) => openStack("redis:NodeMaintenance", connections, { guards });
    const [early, inside] = [await open(closed), await open(openToday)];
    const inputs = { nodeUid: 2 };

    assert.equal(await expecting("report", () => early.stack.preview(inputs)), "create");
    const { plans, warnings } = early.session.said;
    assert.match(warnings.join(), /now it would be refused: outside of the maintenance windows/);
    const token = tokenIn(plans);
    const failure = await failureOf(expecting(token, () => early.stack.up(inputs)));
    assert.match(failure.message, /^clusterops:guards/);
    assert.equal(redis.counts().mutating, 0);

    await expecting(token, () => inside.stack.up(inputs));
    assert.equal(redis.counts().mutating, 1);
  });
});
