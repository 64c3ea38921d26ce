import assert from "node:assert/strict";
import { lifecycle } from "../../../provider/index.ts";
import { type RedisSimulator, startRedis } from "../../../simulators/index.ts";
import type { TestContext } from "../../support/context.ts";
import { type CollectedSpan, startCollector, startGrpcCollector } from "./collector.ts";
import { observedContext } from "./harness.ts";

const maintenance = lifecycle("redis:NodeMaintenance");
const password = "planted-Passw0rd";
const variables = [
  "OTEL_EXPORTER_OTLP_ENDPOINT",
  "OTEL_EXPORTER_OTLP_PROTOCOL",
  "OTEL_EXPORTER_OTLP_HEADERS",
  "PULUMI_OTEL_EXPORTER_OTLP_ENDPOINT",
  "TRACEPARENT",
  "OTEL_SDK_DISABLED",
] as const;

describe("traces", () => {
  let redis: RedisSimulator;
  let context: TestContext;
  const before = Object.fromEntries(variables.map((name) => [name, process.env[name]]));

  beforeEach(async () => {
    redis = await startRedis({ actionMs: 300, auth: { users: [{ username: "ops", password }] } });
    for (const name of variables) delete process.env[name];
    context = contextWith({});
  });
  afterEach(async () => {
    for (const name of variables) {
      if (before[name] === undefined) delete process.env[name];
      else process.env[name] = before[name];
    }
    await redis.close();
  });

  function contextWith(settings: Record<string, string>): TestContext {
    return observedContext({ redis: { endpoints: redis.endpoints, username: "ops", password } }, settings);
  }

  async function create(nodeUid = 2, given = context): Promise<void> {
    const { inputs } = maintenance.check({ nodeUid });
    await maintenance.create(given, inputs);
  }

  const only = (spans: CollectedSpan[], name: string): CollectedSpan => {
    const [found, ...others] = spans.filter((span) => span.name === name);
    assert.ok(found && others.length === 0, `${name} among ${spans.map((span) => span.name).join(", ")}`);
    return found;
  };

  it("have a span for an operation, its step, its wait and their requests, in the vendor's words", async () => {
    await using collector = await startCollector();
    Object.assign(process.env, {
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
      OTEL_EXPORTER_OTLP_PROTOCOL: "http/json",
    });
    await create();
    const spans = collector.spans();
    const operation = only(spans, "create NodeMaintenance");
    assert.equal(operation.parentSpanId, undefined);
    const { attributes } = operation;
    assert.equal(attributes["redis.nodeUid"], 2);
    assert.match(String(attributes["redis.taskId"]), /^[0-9a-f-]{36}$/);
    assert.equal(attributes["clusterops.type"], "redis:NodeMaintenance");
    assert.equal(attributes["clusterops.outcome"], "ready");
    const step = only(spans, "node 2 maintenance_on");
    const request = only(spans, "POST /v1/nodes/2/actions/maintenance_on");
    const wait = only(spans, "wait: node 2 maintenance_on");
    assert.deepEqual(
      [step.parentSpanId, request.parentSpanId, wait.parentSpanId],
      [operation.spanId, step.spanId, operation.spanId],
    );
    assert.equal(request.kind, 3);
    assert.equal(request.attributes["http.request.method"], "POST");
    assert.equal(request.attributes["http.response.status_code"], 200);
    assert.equal(request.attributes["url.full"], `${redis.endpoints[0]}/v1/nodes/2/actions/maintenance_on`);
    assert.equal(request.attributes["server.address"], "127.0.0.1");
    assert.ok(
      spans.some(({ name, parentSpanId }) => name.startsWith("GET ") && parentSpanId === wait.spanId),
    );
    assert.ok(wait.events.some((seen) => seen.startsWith("running")));
    assert.equal(new Set(spans.map(({ traceId }) => traceId)).size, 1);
    assert.deepEqual(context.said.warnings, []);
  });

  it("say what a request and its operation have failed with", async () => {
    await using collector = await startCollector();
    Object.assign(process.env, {
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
      OTEL_EXPORTER_OTLP_PROTOCOL: "http/json",
    });
    await assert.rejects(create(9));
    const operation = only(collector.spans(), "create NodeMaintenance");
    assert.deepEqual(operation.status, {
      code: 2,
      message: "redis node 9: the cluster has no node 9; it has nodes 1, 2, 3",
    });
    const missing = collector
      .spans()
      .find(({ attributes }) => attributes["http.response.status_code"] === 404);
    assert.equal(missing?.status.code, 2);
  });

  it("hold no credential, even where a server repeats one", async () => {
    await using collector = await startCollector();
    Object.assign(process.env, {
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
      OTEL_EXPORTER_OTLP_PROTOCOL: "http/json",
    });
    redis.plan({ action: "maintenance_on", statusWord: `running for ${password}` });
    await create();
    assert.match(collector.text(), /running for \[redacted\]/);
    assert.doesNotMatch(
      collector.text(),
      new RegExp(`${password}|${Buffer.from(`ops:${password}`).toString("base64")}`),
    );
  });

  it("are a part of the trace of whoever started the process", async () => {
    await using collector = await startCollector();
    const [trace, span] = ["0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"];
    Object.assign(process.env, {
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
      OTEL_EXPORTER_OTLP_PROTOCOL: "http/json",
      TRACEPARENT: `00-${trace}-${span}-01`,
    });
    await create();
    const operation = only(collector.spans(), "create NodeMaintenance");
    assert.deepEqual([operation.traceId, operation.parentSpanId], [trace, span]);
  });

  it("go on in the servers' own, where that is asked for, and nowhere else", async () => {
    await using collector = await startCollector();
    Object.assign(process.env, {
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
      OTEL_EXPORTER_OTLP_PROTOCOL: "http/json",
    });
    const sent: (string | undefined)[] = [];
    redis.watch(({ headers }) => sent.push(headers.traceparent as string | undefined));
    await create(3);
    assert.deepEqual(new Set(sent.splice(0)), new Set([undefined]));
    await create(3, contextWith({ "clusterops:traceparent": "true" }));
    const ids = new Set(collector.spans().map(({ traceId, spanId }) => `00-${traceId}-${spanId}-01`));
    assert.ok(sent.length > 0);
    for (const traceparent of sent) assert.ok(ids.has(String(traceparent)), traceparent);
  });

  it("are sent as protobuf unless somebody asks for another protocol", async () => {
    await using collector = await startCollector();
    process.env.OTEL_EXPORTER_OTLP_ENDPOINT = collector.url;
    await create();
    const [request] = collector.requests;
    assert.deepEqual(
      [request?.url, request?.headers["content-type"]],
      ["/v1/traces", "application/x-protobuf"],
    );
    assert.match(collector.text(), /create NodeMaintenance/);
  });

  it("go to Pulumi's engine, where that asks for them", async () => {
    await using engine = await startGrpcCollector();
    process.env.PULUMI_OTEL_EXPORTER_OTLP_ENDPOINT = engine.address;
    await create();
    assert.match(Buffer.concat(engine.messages).toString("latin1"), /create NodeMaintenance/);
    assert.deepEqual(context.said.warnings, []);
  });

  it("warn once of a collector that is down, or does not take them, and hold nothing up", async () => {
    process.env.OTEL_EXPORTER_OTLP_ENDPOINT = "http://127.0.0.1:1";
    await create();
    await create();
    assert.equal(context.said.warnings.length, 1, context.said.warnings.join());
    assert.match(context.said.warnings.join(), /^traces cannot be delivered to http:\/\/127\.0\.0\.1:1: /);
    await using refusing = await startGrpcCollector("16");
    delete process.env.OTEL_EXPORTER_OTLP_ENDPOINT;
    process.env.PULUMI_OTEL_EXPORTER_OTLP_ENDPOINT = refusing.address;
    const other = contextWith({});
    await create(2, other);
    assert.match(
      other.said.warnings.join(),
      /^traces cannot be delivered to Pulumi's engine: it answers with gRPC status 16/,
    );
  });

  it("warn once of a collector over gRPC whose address or headers are none", async () => {
    const rows: [env: Record<string, string>, why: RegExp][] = [
      [{ OTEL_EXPORTER_OTLP_ENDPOINT: "no URL" }, /which is no URL: Invalid URL/],
      [
        { OTEL_EXPORTER_OTLP_ENDPOINT: "http://127.0.0.1:1", OTEL_EXPORTER_OTLP_HEADERS: "a b=planted" },
        /127\.0\.0\.1:1: .*header/i,
      ],
    ];
    for (const [env, why] of rows) {
      Object.assign(process.env, { ...env, OTEL_EXPORTER_OTLP_PROTOCOL: "grpc" });
      const other = contextWith({});
      await create(2, other);
      await create(2, other);
      assert.equal(other.said.warnings.length, 1, other.said.warnings.join());
      assert.match(other.said.warnings.join(), why);
      assert.doesNotMatch(other.said.warnings.join(), /planted/);
    }
  });

  it("are there for nobody who has not asked for them", async () => {
    await using collector = await startCollector();
    Object.assign(process.env, { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url, OTEL_SDK_DISABLED: "true" });
    await create();
    assert.deepEqual(collector.requests, []);
  });
});
