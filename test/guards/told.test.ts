import assert from "node:assert/strict";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { lifecycle } from "../../provider/index.ts";
import { startRedis } from "../../simulators/index.ts";
import { contextFor } from "../support/context.ts";
import { closed } from "./stage.ts";

it("an override is told to whoever is told of operations, with the guard and the reason", async () => {
  await using redis = await startRedis({ actionMs: 30 });
  const folder = await mkdtemp(join(tmpdir(), "clusterops-"));
  try {
    const file = join(folder, "events.jsonl");
    const reason = "INC-4711 primary DC down";
    const context = contextFor(
      { redis: { endpoints: redis.endpoints } },
      {},
      { guards: closed, override: reason },
    );
    const { config } = context;
    context.config = (key) => (key === "clusterops:events" ? file : config(key));
    await lifecycle("redis:NodeMaintenance").create(context, { nodeUid: 2 });
    const events = (await readFile(file, "utf8"))
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    const [told, ...others] = events.filter(({ event }) => event === "overridden");
    assert.equal(others.length, 0);
    assert.equal(told.reason, reason);
    assert.equal(told.rule, 'clusterops:guards["*"].windows');
  } finally {
    await rm(folder, { recursive: true });
  }
});
