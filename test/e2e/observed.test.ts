import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { startRedis } from "../../simulators/index.ts";
import { startCollector } from "../core/observe/collector.ts";
import { built } from "../support/built.ts";
import { pluginIn } from "../support/plugin.ts";
import { pulumiProject, succeeded } from "../support/pulumi.ts";

const program =
  'import { redis } from "pulumi-clusterops";\nnew redis.NodeMaintenance("window", { nodeUid: 2 });\n';

/** The two doors of Pulumi: each has its bundle, and a file beside it that knows OpenTelemetry. */
const doors = {
  dynamic: { config: {}, files: {} },
  native: { config: { "clusterops:door": "native" }, files: { "Pulumi.yaml": pluginIn() } },
};

describe("on the real CLI, who asks for it is told", function () {
  this.timeout(120_000);
  before(built);

  for (const [door, { config, files }] of Object.entries(doors)) {
    it(`of an up through the ${door} door: events in a file, spans at a collector, and what the engine collects`, async () => {
      await using redis = await startRedis({ actionMs: 200 });
      await using collector = await startCollector();
      const connection = { "clusterops:connections.redis.endpoint": redis.endpoints[0] as string };
      await using project = await pulumiProject({ program, files, config: { ...config, ...connection } });
      const events = join(project.root, "events.jsonl");
      await project.setConfig({ "clusterops:events": events });
      const told = {
        OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
        OTEL_EXPORTER_OTLP_PROTOCOL: "http/json",
        TRACEPARENT: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
      };
      succeeded(await project.up({ preview: true, env: told }));
      const lines = readFileSync(events, "utf8").trimEnd().split("\n");
      assert.deepEqual(
        lines.map((line) => JSON.parse(line).event),
        ["started", "step", "finished"],
      );
      const names = collector.spans().map(({ name }) => name);
      for (const name of ["plan NodeMaintenance", "create NodeMaintenance", "wait: node 2 maintenance_on"])
        assert.ok(names.includes(name), names.join(", "));
      assert.ok(collector.spans().every(({ traceId }) => traceId === "0af7651916cd43dd8448eb211c80319c"));

      const traces = join(project.root, "traces.json");
      succeeded(await project.destroy({ args: ["--otel-traces", `file://${traces}`] }));
      assert.match(readFileSync(traces, "utf8"), /delete NodeMaintenance/);
    });
  }
});
