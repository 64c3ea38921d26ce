import assert from "node:assert/strict";
import { fingerprint, manualClock, type RedisSimulator, startRedis } from "../../simulators/index.ts";
import { basic, call } from "./call.ts";

describe("what a simulator keeps of its requests", () => {
  const clock = manualClock();
  let redis: RedisSimulator;
  beforeEach(async () => {
    redis = await startRedis({
      clock,
      auth: {
        users: [
          { username: "ops", password: "planted-password" },
          { username: "viewer", password: "planted-too", roles: ["cluster_viewer"] },
        ],
        tokens: [{ token: "planted-token" }],
        oauth2: { clients: [{ clientId: "ci", clientSecret: "planted-secret" }], expiresInMs: 1000 },
      },
    });
  });
  afterEach(() => redis.close());
  const send = (line: string, headers: Record<string, string>, body?: unknown) =>
    call(redis.endpoints[0], line, { headers, body });
  const on = "POST /v1/nodes/2/actions/maintenance_on";

  it("lists each with what it did, as it was sent", async () => {
    const watched: string[] = [];
    const stop = redis.watch((record) => watched.push(record.path));
    await send(`${on}?dry=1`, basic("ops", "planted-password"), { evict_dbs: ["1"] });
    await send("GET /v1/nodes/%2e%2e%2fusers", basic("ops", "planted-password"));
    stop();
    const [post, get] = redis.requests;
    const { at, endpoint, method, path, query, body, status, mutating, effect, token } =
      post ?? assert.fail();
    assert.deepEqual(
      { at, endpoint, method, path, query, body, status, mutating, effect, token },
      {
        at: clock.now(),
        endpoint: "cluster",
        method: "POST",
        path: "/v1/nodes/2/actions/maintenance_on",
        query: "dry=1",
        body: { evict_dbs: ["1"] },
        status: 200,
        mutating: true,
        effect: true,
        token: false,
      },
    );
    assert.deepEqual([get?.path, get?.status], ["/v1/nodes/%2e%2e%2fusers", 404]);
    assert.deepEqual(
      watched,
      redis.requests.map((it) => it.path),
    );
  });

  it("counts mutating requests whether they had an effect or not, and starts again at zero when told", async () => {
    await send(on, {}, {});
    await send(on, basic("viewer", "planted-too"), {});
    await send(on, basic("ops", "planted-password"), {});
    await send("GET /v1/nodes", basic("viewer", "planted-too"));
    assert.deepEqual(
      redis.requests.map((it) => it.status),
      [401, 403, 200, 200],
    );
    const { connections, ...counts } = redis.counts();
    assert.deepEqual(counts, { mutating: 3, effects: 1, reads: 1, tokens: 0 });
    assert.ok(connections > 0);
    redis.resetCounts();
    assert.deepEqual(redis.counts(), { mutating: 0, effects: 0, reads: 0, tokens: 0, connections: 0 });
    assert.equal(redis.requests.length, 4);
  });

  it("hands out tokens that expire, and counts them apart", async () => {
    const form = new URLSearchParams({
      grant_type: "client_credentials",
      client_id: "ci",
      client_secret: "planted-secret",
    });
    const granted = await fetch(`${redis.endpoints[0]}/oauth/token`, { method: "POST", body: form });
    const { access_token: token, expires_in: seconds } = (await granted.json()) as {
      access_token: string;
      expires_in: number;
    };
    assert.equal(seconds, 1);
    const read = async () => (await send("GET /v1/nodes", { authorization: `Bearer ${token}` })).status;
    assert.equal(await read(), 200);
    clock.advance(1000);
    assert.equal(await read(), 401);
    assert.deepEqual([redis.counts().tokens, redis.counts().mutating, redis.counts().reads], [1, 0, 2]);
  });

  const grants: [string, Record<string, string>, Record<string, string>, number][] = [
    [
      "a password with the client in a header",
      { grant_type: "password", username: "ops", password: "planted-password" },
      basic("ci", "planted-secret"),
      200,
    ],
    [
      "a wrong password",
      { grant_type: "password", username: "ops", password: "no" },
      basic("ci", "planted-secret"),
      400,
    ],
    ["a wrong client", { grant_type: "client_credentials", client_id: "ci", client_secret: "no" }, {}, 401],
    ["another grant", { grant_type: "implicit" }, basic("ci", "planted-secret"), 400],
  ];
  for (const [what, fields, headers, status] of grants) {
    it(`answers ${status} to ${what}`, async () => {
      const body = new URLSearchParams(fields);
      const answer = await fetch(`${redis.endpoints[0]}/oauth/token`, { method: "POST", body, headers });
      assert.equal(answer.status, status);
    });
  }

  it("hands out the vendor's own tokens, until they are revoked", async () => {
    const login = await send(
      "POST /v1/users/authorize",
      {},
      { username: "ops", password: "planted-password" },
    );
    const read = async () =>
      (await send("GET /v1/nodes", { authorization: `JWT ${login.json.access_token}` })).status;
    assert.equal(await read(), 200);
    redis.expireTokens();
    assert.equal(await read(), 401);
  });

  it("never holds a credential in clear", async () => {
    await send("GET /v1/nodes", {
      ...basic("ops", "planted-password"),
      cookie: "planted-cookie",
      "x-api-key": "planted-key",
    });
    await send("GET /v1/nodes", { authorization: "Bearer planted-token" });
    await send("POST /v1/users/authorize", {}, { username: "ops", password: "planted-password" });
    const body = new URLSearchParams({
      grant_type: "password",
      username: "ops",
      password: "planted-password",
    });
    await fetch(`${redis.endpoints[0]}/oauth/token`, {
      method: "POST",
      body,
      headers: basic("ci", "planted-secret"),
    });
    const kept = JSON.stringify(redis.requests);
    assert.doesNotMatch(kept, /planted/);
    assert.ok(!kept.includes(basic("ops", "planted-password").authorization.slice(6)));
    assert.equal(redis.requests[1]?.headers.authorization, `Bearer ${fingerprint("planted-token")}`);
  });

  it("gives the same task ids to the same seed", async () => {
    const again = await startRedis({ clock, seed: 1 });
    const third = await startRedis({ clock, seed: 2 });
    const ids: unknown[] = [];
    for (const it of [redis, again, third]) ids.push(it.node(2).start("maintenance_on").taskId);
    assert.equal(ids[0], ids[1]);
    assert.notEqual(ids[0], ids[2]);
    await Promise.all([again.close(), third.close()]);
  });

  it("tells which methods a path takes", async () => {
    const answer = await send("OPTIONS /v1/nodes/2/actions/remove", basic("ops", "planted-password"));
    assert.deepEqual([answer.status, answer.headers.get("allow")], [200, "GET, POST, DELETE, OPTIONS"]);
    assert.equal((await send("PUT /v1/nodes", basic("ops", "planted-password"))).status, 405);
  });
});
