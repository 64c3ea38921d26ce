import assert from "node:assert/strict";
import { setTimeout as pause } from "node:timers/promises";
import { type RedisSimulator, startRedis } from "../../../simulators/index.ts";
import { built } from "../../support/built.ts";
import type { LogMessage } from "../shared/engine.ts";
import { Host } from "./host.ts";
import { registered } from "./resource.ts";

describe("on the row of a resource the package in Pulumi's dynamic provider host", () => {
  let redis: RedisSimulator;
  let host: Host;
  let on: { nodeUid: number; __provider: string; __urn: string };
  const config = () => ({
    "clusterops:connections": JSON.stringify({ redis: { endpoints: redis.endpoints } }),
  });

  before(async function () {
    await built.call(this);
    host = await Host.start();
  });
  beforeEach(async () => {
    redis = await startRedis({ actionMs: 60 });
    await host.configure(config());
    on = { nodeUid: 2, ...registered("redis:NodeMaintenance") };
  });
  afterEach(() => redis.close());
  after(() => host[Symbol.asyncDispose]());

  /** What the engine was told of a resource. */
  const logsOf = (resource: { __urn: string }, { logs } = host) =>
    logs.filter(({ urn }) => urn === resource.__urn);

  it("says what it will do in a preview only, and what is risky in an update, too", async () => {
    const lasting = () => logsOf(on).filter((log) => !log.ephemeral);
    await host.check({}, { ...on, __preview: false });
    await pause(100);
    assert.deepEqual(lasting(), []);
    await host.check({}, { ...on, __preview: true });
    while (lasting().length === 0) await pause(10);
    redis.node(2).putInMaintenance();
    const other = { nodeUid: 2, ...registered("redis:NodeMaintenance") };
    await using update = await Host.start(config());
    await update.check({}, { ...other, __preview: false });
    while (logsOf(other, update).length === 0) await pause(10);
    const [{ severity, ephemeral, text }] = logsOf(other, update) as [LogMessage];
    assert.deepEqual(
      [severity, ephemeral, lasting().map((log) => log.severity)],
      ["warning", false, ["info"]],
    );
    assert.match(text, /already in maintenance/);
  });

  it("finds its engine behind the flags that the CLI was given", async () => {
    await using flagged = await Host.start(config(), {
      flags: ["--logtostderr", "-v=5", "--tracing", "http://127.0.0.1:9"],
    });
    await flagged.check({}, { ...on, __preview: true });
    while (logsOf(on, flagged).length === 0) await pause(10);
    assert.match(logsOf(on, flagged)[0]?.text ?? "", /node 2: maintenance_on/);
  });

  it("shows progress once where nobody watches, as a passing message on the row", async () => {
    redis.plan({ held: true });
    await host.create({ ...on, timeout: "2500ms" }).catch(() => {});
    const [first, ...others] = logsOf(on).filter(({ text }) => text !== "");
    assert.deepEqual([first?.severity, first?.ephemeral, others], ["info", true, []]);
    assert.match(first?.text ?? "", /node 2 maintenance_on/);
  });

  it("shows progress in a terminal at most once a second, and clears the row at the end", async () => {
    await using watched = await Host.start(config(), { terminal: true });
    redis.plan({ actionMs: 2_500 });
    const began = performance.now();
    await watched.create(on);
    const seconds = (performance.now() - began) / 1_000;
    const messages = logsOf(on, watched).filter(({ ephemeral }) => ephemeral);
    const shown = messages.filter(({ text }) => text !== "");
    assert.ok(shown.length >= 2 && shown.length <= seconds + 1, `${shown.length} in ${seconds} s`);
    assert.equal(messages.at(-1)?.text, "");
  });

  describe("after pulumi stack rename or a move, which leave a stale URN in the state,", () => {
    const present = "urn:pulumi:renamed::test::pulumi-nodejs:dynamic/clusterops/redis:NodeMaintenance::moved";

    it("shows a delete on the row of the resource that there is, be it the first thing that a host is asked for", async () => {
      const { properties } = await host.create(on);
      redis.plan({ actionMs: 1_000 });
      await using renamed = await Host.start(config());
      await renamed.delete("2", properties, present);
      assert.ok(renamed.logs.length > 0);
      assert.deepEqual(new Set(renamed.logs.map(({ urn }) => urn)), new Set([present]));
    });

    it("records the present one in a refresh", async () => {
      const { properties } = await host.create(on);
      const read = await host.read("2", properties, present);
      assert.deepEqual([read.properties.__urn, read.inputs.__urn], [present, present]);
    });
  });
});
