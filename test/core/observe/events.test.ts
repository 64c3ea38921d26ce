import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { lifecycle } from "../../../provider/index.ts";
import { startRedis } from "../../../simulators/index.ts";
import { blocksOf } from "../../docs/blocks.ts";
import { faster } from "../../support/faster.ts";
import { eventFile, type Line, observedContext } from "./harness.ts";

/** The events of the page. */
function documented(): Line[] {
  const blocks = blocksOf("docs/traces-and-events.md").filter(({ use }) => use === "events");
  return blocks.flatMap(({ text }) => text.trim().split("\n")).map((line) => JSON.parse(line) as Line);
}

const maintenance = lifecycle("redis:NodeMaintenance");
const password = "planted-Passw0rd";

async function maintained(
  nodeUid: number,
  actionMs = 200,
  statusWord = "running",
): Promise<{ lines: Line[]; text: string }> {
  using events = eventFile();
  await using redis = await startRedis({ actionMs, auth: { users: [{ username: "ops", password }] } });
  redis.plan({ action: "maintenance_on", statusWord });
  const connection = { endpoints: redis.endpoints, username: "ops", password };
  const context = observedContext({ redis: connection }, { "clusterops:events": events.file });
  const { inputs } = maintenance.check({ nodeUid });
  await maintenance.plan(context, undefined, inputs);
  const made = await maintenance.create(context, inputs).catch(() => undefined);
  if (made) await maintenance.delete(context, { outputs: made.outputs, memory: made.memory });
  return { lines: events.lines(), text: readFileSync(events.file, "utf8") };
}

describe("events", () => {
  it("tell what an operation comes to: that it has started, its steps, and its end", async () => {
    const { lines } = await maintained(2);
    assert.deepEqual(
      lines.map(({ event, text }) => `${event} ${text}`),
      [
        "started redis node 2: create started",
        "step redis node 2: node 2 maintenance_on",
        "finished redis node 2: create finished",
        "started redis node 2: delete started",
        "step redis node 2: node 2 maintenance_off",
        "finished redis node 2: delete finished",
      ],
    );
    for (const { v, type, resource, subject } of lines)
      assert.deepEqual(
        [v, type, resource, subject],
        [1, "redis:NodeMaintenance", "clusterops:redis:NodeMaintenance::node-2", "redis node 2"],
      );
    const [first, , , fourth] = lines;
    assert.equal(first?.run, fourth?.run);
    assert.notEqual(first?.id, fourth?.id);
  });

  it("say why an operation has failed", async () => {
    const { lines } = await maintained(9);
    const last = lines.at(-1);
    assert.deepEqual([last?.event, last?.outcome], ["failed", "failed"]);
    assert.match(String(last?.text), /^create failed: redis node 9: the cluster has no node 9/);
    assert.match(String(last?.reason), /the cluster has no node 9/);
  });
});

describe("events of an override", () => {
  it("say which rule was set aside, and why", async () => {
    using events = eventFile();
    await using redis = await startRedis({ actionMs: 50 });
    const settings = {
      "clusterops:events": events.file,
      "clusterops:guards": JSON.stringify({ "*": { windows: [{ from: "2098-12-06T22:00:00Z" }] } }),
      "clusterops:override": "INC-4711 primary DC down",
    };
    const context = observedContext({ redis: { endpoints: redis.endpoints } }, settings);
    await maintenance.create(context, maintenance.check({ nodeUid: 2 }).inputs);
    const told = events.lines().find(({ event }) => event === "overridden");
    assert.deepEqual(
      [told?.rule, told?.reason, told?.text],
      [
        'clusterops:guards["*"].windows',
        "INC-4711 primary DC down",
        'redis node 2: clusterops:guards["*"].windows overridden: INC-4711 primary DC down',
      ],
    );
  });
});

describe("events of a wait", () => {
  const { inTestTime } = faster(25);

  it("tell every 30 seconds what a wait sees, without credentials", async () => {
    const { lines, text } = await maintained(2, inTestTime(70_000), `running for ${password}`);
    // The server has said it, and nobody is to repeat it.
    assert.doesNotMatch(text, new RegExp(password));
    const waiting = lines.filter(({ event, operation }) => event === "waiting" && operation === "create");
    assert.deepEqual(
      waiting.map(({ wait, waitedSeconds }) => [wait, Math.floor(Number(waitedSeconds) / 30)]),
      [
        ["node 2 maintenance_on", 1],
        ["node 2 maintenance_on", 2],
      ],
    );
    assert.match(String(waiting[0]?.seen), /^running for \[redacted\]/);
    const fieldsOf = (line: Line | undefined) => [line?.event, ...Object.keys(line ?? {})];
    assert.deepEqual(
      documented().map(fieldsOf),
      ["started", "step", "waiting", "finished"].map((event) =>
        fieldsOf(lines.find((line) => line.event === event)),
      ),
    );
  });
});
