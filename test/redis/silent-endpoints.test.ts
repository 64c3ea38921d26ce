import assert from "node:assert/strict";
import { createServer, type Socket } from "node:net";
import type { Connection } from "../../provider/index.ts";
import { type RedisSimulator, startRedis } from "../../simulators/index.ts";
import { type LocalServer, serve } from "../core/server.ts";
import { directDoor } from "../rules/door.ts";
import { Tables } from "../rules/together.ts";

/** What the previews of some resources on some connections cost, one after the other, as an engine asks for them. */
async function preview(
  connections: Record<string, Connection>,
  resources: { type?: string; connection?: string; nodeUid: number }[],
) {
  const told: string[] = [];
  const times: number[] = [];
  for (const { type = "NodeMaintenance", connection = "redis", ...inputs } of resources) {
    const session = await directDoor.open(`redis:${type}`, connections);
    const began = performance.now();
    const extra = type === "NodeAction" ? { action: "maintenance_on" } : {};
    const { failures } = await session.check(undefined, { connection, ...inputs, ...extra }, true);
    times.push(performance.now() - began);
    assert.deepEqual(failures, []);
    told.push([...session.said.warnings, ...session.said.plans].join(" | "));
  }
  const [first = 0, ...others] = times;
  return { told, first, others: others.reduce((sum, time) => sum + time, 0) };
}

const nodes = (count: number) => Array.from({ length: count }, (_, index) => ({ nodeUid: index + 1 }));

/** A port that takes connections, and then says nothing at all. */
async function mute(): Promise<LocalServer> {
  return serve(() => undefined);
}

/** A port on which no TLS handshake ever ends. */
async function noHandshake(): Promise<AsyncDisposable & { url: string }> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => void sockets.add(socket.on("error", () => {})));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `https://127.0.0.1:${(server.address() as { port: number }).port}`,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Headers, and never a body. */
async function noBody(): Promise<LocalServer> {
  return serve((_request, _number, response) => {
    response.writeHead(200, { "content-type": "application/json" });
    response.write("[");
    return undefined;
  });
}

const settings = { username: "ops@example.com", password: "planted-password" };
const silence = /https?:\/\/127\.0\.0\.1:\d+\S*: no (answer|connection) within \d+s/;
const allTold = (told: string[], what: RegExp) => {
  for (const text of told) {
    assert.match(text, what);
    assert.doesNotMatch(text, /aborted|ran out/);
  }
};

interface Row {
  it: string;
  run(): Promise<void>;
}

const rows: Row[] = [
  ...(
    [
      ["accepts and never answers", mute],
      ["ends no handshake", noHandshake],
      ["sends headers and no body", noBody],
    ] as const
  ).map(([what, start]) => ({
    it: `an endpoint that ${what} costs its time once, and is named with it`,
    async run() {
      await using server = await start();
      const { told, first, others } = await preview({ redis: { endpoint: server.url, ...settings } }, nodes(6));
      assert.ok(others < first / 5, `${first} ms, then ${others} ms`);
      allTold(told, silence);
    },
  })),
  {
    it: "two hundred resources of one connection, of any type, cost it once",
    async run() {
      await using server = await mute();
      const types = ["NodeMaintenance", "NodeAction", "ReplicaNode", "NodeRemoval"];
      const resources = nodes(200).map((node, index) => ({ ...node, type: types[index % 4] as string }));
      const { first, others, told } = await preview({ redis: { endpoint: server.url, ...settings } }, resources);
      assert.ok(others < first, `${first} ms, then ${others} ms`);
      allTold(told.slice(0, 1), silence);
      assert.ok(server.requests.length < 15, `${server.requests.length} requests`);
    },
  },
  {
    it: "several connections to one dead host cost it once",
    async run() {
      await using server = await mute();
      const other = { username: "eve@example.com", password: "planted-other" };
      const connections = {
        one: { endpoint: server.url, ...settings },
        two: { endpoint: server.url, ...other },
        three: { endpoint: `${server.url}/base`, ...other },
      };
      const resources = ["one", "two", "three"].map((connection) => ({ connection, nodeUid: 1 }));
      const { first, others, told } = await preview(connections, resources);
      assert.ok(others < first / 5, `${first} ms, then ${others} ms`);
      allTold(told, silence);
    },
  },
  {
    it: "a request that has less time than it is usually given is known, too",
    async run() {
      await using server = await mute();
      const connection = { endpoint: server.url, requestTimeout: "2s", ...settings };
      const { first, others, told } = await preview({ redis: connection }, nodes(6));
      assert.ok(others < first / 2, `${first} ms, then ${others} ms`);
      allTold(told, /no answer within 2s/);
    },
  },
  {
    it: "where one path alone is silent, the others are asked",
    async run() {
      await using redis = await startRedis({ nodes: 6 });
      redis.fault({ kind: "hang", match: { path: "/v1/nodes/actions" }, times: Number.POSITIVE_INFINITY });
      const { first, others, told } = await preview({ redis: { endpoints: redis.endpoints } }, nodes(6));
      assert.ok(others < first / 5, `${first} ms, then ${others} ms`);
      allTold(told, /\/v1\/nodes\/actions: no answer within \d+s/);
      assert.ok(countOf(redis, "/v1/nodes") >= 1);
      // The next is asked as if nothing had been.
      const roles = await preview({ redis: { endpoints: redis.endpoints } }, [{ type: "ReplicaNode", nodeUid: 2 }]);
      assert.match(roles.told[0] ?? "", /enslave_node/);
    },
  },
  {
    it: "where one of two endpoints is silent, the other one is asked, and first from then on",
    async run() {
      await using server = await mute();
      await using redis = await startRedis({ nodes: 6 });
      const endpoints = [server.url, ...redis.endpoints];
      const { first, others, told } = await preview({ redis: { endpoints } }, nodes(6));
      assert.ok(others < first / 5, `${first} ms, then ${others} ms`);
      allTold(told, /maintenance_on, \d+ shards? to migrate/);
      assert.ok(server.requests.length < 8, `${server.requests.length} requests`);
      const elsewhere = { redis: { endpoints, username: "eve@example.com", password: "planted-other" } };
      const again = await preview(elsewhere, nodes(1));
      assert.ok(again.first < first / 5, `${again.first} ms`);
    },
  },
  {
    it: "a token endpoint that is silent costs its time once, and is named",
    async run() {
      await using idp = await mute();
      await using redis = await startRedis({ nodes: 6 });
      const oauth2 = { tokenUrl: `${idp.url}/token`, clientId: "ops", clientSecret: "planted-secret" };
      const connections = {
        redis: { endpoints: redis.endpoints, oauth2 },
        other: { endpoints: redis.endpoints, oauth2: { ...oauth2, clientId: "eve" } },
      };
      const { first, others, told } = await preview(connections, [
        ...nodes(3),
        { connection: "other", nodeUid: 4 },
      ]);
      assert.ok(others < first / 5, `${first} ms, then ${others} ms`);
      allTold(told, new RegExp(`no access token: .*${idp.url}/token.*: no answer within \\d+s`));
      assert.equal(redis.requests.length, 0);
      assert.ok(idp.requests.length <= 2, `${idp.requests.length} requests`);
    },
  },
  {
    it: "an endpoint that answers again is known to do so as soon as an operation has had its answer",
    async run() {
      let isMute = true;
      await using redis = await startRedis({ nodes: 3 });
      redis.fault({ kind: "hang", times: Number.POSITIVE_INFINITY });
      const connection = { endpoints: redis.endpoints, requestTimeout: "1s" };
      const before = await preview({ redis: connection }, nodes(1));
      allTold(before.told, silence);
      redis.clearFaults();
      isMute = false;
      const session = await directDoor.open("redis:NodeMaintenance", { redis: connection });
      const { outputs } = await session.create({ nodeUid: 1 });
      assert.ok(!isMute && outputs.inMaintenance);
      const after = await preview({ redis: connection }, nodes(2).slice(1));
      assert.match(after.told[0] ?? "", /node 1 is in maintenance/);
    },
  },
];

function countOf(redis: RedisSimulator, path: string): number {
  return redis.requests.filter((request) => request.path === path).length;
}

describe("a preview, where an endpoint is silent:", function () {
  this.timeout(120_000);
  new Tables(20).each(rows, ({ it }) => it, ({ run }) => run());
});
