import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import grpc from "@grpc/grpc-js";
import providerGrpc from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import rpc from "@pulumi/pulumi/proto/provider_pb.js";
import { encode } from "../../../doors/native/codec.ts";
import { startRedis, startTcf } from "../../../simulators/index.ts";
import { built } from "../../support/built.ts";
import { FakeEngine } from "../shared/engine.ts";
import { urnOf } from "./calls.ts";

const launcher = join(import.meta.dirname, "..", "..", "..", "plugin", "pulumi-resource-clusterops");

/** The plugin as the CLI starts it, and what it prints. */
class Started implements AsyncDisposable {
  readonly process: ChildProcess;
  readonly closed: Promise<unknown>;
  output = "";
  errors = "";

  /** @param args of the launcher. @param parent whether there is a process between, as the CLI is */
  constructor(args: string[], { parent = false, config = {} as object } = {}) {
    const env = { ...process.env, PULUMI_CONFIG: JSON.stringify({ connections: JSON.stringify(config) }) };
    const command = parent
      ? [
          process.execPath,
          "-e",
          `require("child_process").spawn(process.argv[1], process.argv.slice(2), { stdio: "inherit" }); setInterval(() => {}, 1000)`,
          launcher,
          ...args,
        ]
      : [launcher, ...args];
    this.process = spawn(command[0] as string, command.slice(1), { env, stdio: ["ignore", "pipe", "pipe"] });
    this.process.stdout?.on("data", (chunk) => (this.output += chunk));
    this.process.stderr?.on("data", (chunk) => (this.errors += chunk));
    // When nobody holds its output any more: the plugin has ended, too.
    this.closed = once(this.process, "close");
  }

  async client(): Promise<providerGrpc.ResourceProviderClient> {
    while (!/^\d+\n/.test(this.output)) await once(this.process.stdout as NodeJS.ReadableStream, "data");
    const address = `127.0.0.1:${Number.parseInt(this.output, 10)}`;
    return new providerGrpc.ResourceProviderClient(address, grpc.credentials.createInsecure());
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.process.kill("SIGKILL");
    await this.closed;
  }
}

function create(client: providerGrpc.ResourceProviderClient, urn: string, inputs: Record<string, unknown>) {
  const request = new rpc.CreateRequest();
  request.setUrn(urn);
  request.setProperties(encode(inputs));
  return new Promise((resolve) => client.create(request, resolve));
}

describe("the process of the native plugin", function () {
  this.timeout(60_000);
  let engine: FakeEngine;
  let address: string;
  before(async function () {
    await built.call(this);
    engine = new FakeEngine();
    address = await engine.start();
  });
  after(() => engine.close());

  it("says what it is where it is started by hand", async () => {
    for (const args of [[], ["--version"], ["help"]]) {
      await using plugin = new Started(args);
      const [code] = (await plugin.closed) as [number];
      assert.deepEqual([code, plugin.output], [1, ""], args.join());
      assert.match(
        plugin.errors,
        /is the plugin of pulumi-clusterops \d+\.\d+\.\d+: the Pulumi CLI starts it/,
      );
      assert.equal(plugin.errors.trim().split("\n").length, 1);
    }
  });

  it("prints its port, and finds the engine behind the CLI's flags", async () => {
    await using redis = await startRedis({ nodes: 3, actionMs: 500 });
    const config = { redis: { endpoints: redis.endpoints, insecureSkipVerify: true } };
    await using plugin = new Started(["--logtostderr", "-v=3", "--tracing", "x", address], { config });
    const client = await plugin.client();
    const urn = urnOf("redis:NodeMaintenance", "window");
    await create(client, urn, { nodeUid: 2 });
    client.close();
    assert.match(plugin.output, /^\d+\n$/);
    assert.ok(engine.logs.some((log) => log.urn === urn && log.ephemeral && /maintenance_on/.test(log.text)));
    assert.ok(engine.logs.some((log) => log.urn === urn && log.severity === "warning"));
  });

  it("ends when the CLI is killed, though nobody tells it", async () => {
    await using plugin = new Started([address], { parent: true });
    (await plugin.client()).close();
    plugin.process.kill("SIGKILL");
    await plugin.closed;
  });

  it("brings a failover to an active cluster before it ends, where the CLI is killed after the demote", async () => {
    await using tcf = await startTcf({ switchMs: 400 });
    const [one, two] = tcf.clusters.map(({ endpoints }) => ({ endpoints }));
    await using plugin = new Started([address], { parent: true, config: { cluster1: one, cluster2: two } });
    const client = await plugin.client();
    const clusters = { cluster1: "cluster1", cluster2: "cluster2" };
    tcf.watch(({ path }) => {
      if (/demote$/.test(path)) plugin.process.kill("SIGKILL");
    });
    void create(client, urnOf("tcf:ActiveCluster"), { active: "cluster2", clusters });
    await plugin.closed;
    client.close();
    assert.deepEqual(tcf.activeNames, ["cluster2"]);
  });
});
