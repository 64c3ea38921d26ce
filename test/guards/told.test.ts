import assert from "node:assert/strict";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { lifecycle } from "../../provider/index.ts";
import { startRedis } from "../../simulators/index.ts";
import { contextFor } from "../support/context.ts";
import { closed, openToday } from "./stage.ts";

it("an override is told to whoever is told of operations, with each guard and the reason", async () => {
  await using redis = await startRedis({ actionMs: 30 });
  const folder = await mkdtemp(join(tmpdir(), "clusterops-"));
  try {
    const file = join(folder, "events.jsonl");
    const reason = "INC-4711 primary DC down";
    const context = contextFor(
      { redis: { endpoints: redis.endpoints } },
      {},
      { guards: { "*": { ...closed["*"], freezes: openToday["*"].windows } }, override: reason },
    );
    const { config } = context;
    context.config = (key) => (key === "clusterops:events" ? file : config(key));
    await lifecycle("redis:NodeMaintenance").create(context, { nodeUid: 2 });
    const events = (await readFile(file, "utf8"))
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    const told = events.filter(({ event }) => event === "overridden");
    const rules = ["freezes[0]", "windows"].map((guard) => `clusterops:guards["*"].${guard}`);
    assert.deepEqual(
      told.map(({ rule, reason }) => ({ rule, reason })),
      rules.map((rule) => ({ rule, reason })),
    );
  } finally {
    await rm(folder, { recursive: true });
  }
});
