import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { type RedisSimulator, startRedis } from "../../simulators/index.ts";
import { call } from "./call.ts";

type Json = Record<string, unknown>;

const recorded = (name: string): Json =>
  JSON.parse(readFileSync(new URL(`../fixtures/redis/${name}`, import.meta.url), "utf8"));

/** What is missing in a served document, or of another type than recorded. */
function differences(served: Json, sample: Json): string[] {
  return Object.entries(sample).flatMap(([key, value]) => {
    const kind = (of: unknown) => (Array.isArray(of) ? "list" : typeof of);
    return kind(served[key]) === kind(value) ? [] : [`${key}: ${kind(served[key])}, not ${kind(value)}`];
  });
}

describe("the simulated Redis Enterprise cluster beside what is recorded of real ones", () => {
  let redis: RedisSimulator;
  const send = async (line: string, body?: unknown) => (await call(redis.endpoints[0], line, { body })).json;
  before(async () => {
    redis = await startRedis({ actionMs: 60_000 });
    redis.node(2).start("maintenance_on").finish();
    redis.node(3).start("remove");
  });
  after(() => redis.close());

  const documents: [file: string, line: string, body?: unknown][] = [
    ["node.json", "GET /v1/nodes/2"],
    ["node-status.json", "GET /v1/nodes/2/status"],
    ["action-completed.json", "GET /v1/nodes/2/actions/maintenance_on"],
    ["action-started.json", "POST /v1/nodes/1/actions/enslave_node", {}],
  ];
  for (const [file, line, body] of documents) {
    it(`answers ${line} with all of ${file}`, async () => {
      assert.deepEqual(differences(await send(line, body), recorded(file)), []);
    });
  }

  it("lists actions with all that the samples have", async () => {
    for (const [file, line] of [
      ["node-actions-list.json", "GET /v1/nodes/3/actions"],
      ["v1-actions.json", "GET /v1/actions"],
    ] as const) {
      const sample = recorded(file);
      const served = await send(line);
      assert.deepEqual(differences(served, sample), []);
      const [one, other] = [sample, served].map(({ actions }) => (actions as Json[])[0] as Json);
      assert.deepEqual(differences(other as Json, one as Json), []);
    }
  });

  it("shows a maintenance snapshot as the sample does", async () => {
    const { maintenance_snapshot: sample } = recorded("node-status.json");
    const { maintenance_snapshot: served } = await send("GET /v1/nodes/2/status");
    assert.deepEqual(Object.keys(served).sort(), Object.keys(sample as Json).sort());
    assert.match(served.name, /^maintenance_mode_\d{4}-\d\d-\d\d_\d\d-\d\d-\d\d$/);
    assert.match(served.created_time, /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/);
  });
});
