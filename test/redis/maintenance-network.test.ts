import assert from "node:assert/strict";
import { behaviour, type Case, get, incomplete, looks, post, refused } from "./cluster.ts";

const good = { nodeUid: 2 };
const list = { path: "/v1/nodes/actions" };

/** What goes wrong once while a node is waited for. */
const hiccups: [string, Parameters<Parameters<Case["run"]>[0]["redis"]["fault"]>[0]][] = [
  ["a 500", { kind: "status", status: 500 }],
  ["a 429 that asks for a second", { kind: "status", status: 429, headers: { "retry-after": "1" } }],
  ["a reset connection", { kind: "reset" }],
  ["a page of a gateway", { kind: "html" }],
  ["an empty body", { kind: "emptyBody" }],
  ["half an answer", { kind: "truncatedBody" }],
  ["an answer of another type", { kind: "wrongType" }],
];

const polling: Case[] = [
  ...hiccups.map(
    ([what, fault]): Case => ({
      it: `survives ${what} while it waits`,
      mutating: 1,
      async run({ redis, node, stack }) {
        redis.plan({ held: true, actionMs: 10 });
        const up = stack.up(good);
        await looks(redis, 1);
        const trouble = redis.fault({ ...fault, match: list });
        await looks(redis, 4);
        assert.equal(trouble.hits, 1);
        node.action("maintenance_on").finish();
        await up;
      },
    }),
  ),
  ...[list, get("maintenance_on")].map(
    (match): Case => ({
      it: `gives up at its deadline when ${match.path} fails for ever, says what it saw, and resumes`,
      mutating: 1,
      cluster: { taskIdInLists: true },
      async run(harness) {
        const { redis, node, stack } = harness;
        redis.plan({ held: true, actionMs: 10 });
        const up = stack.up({ ...good, timeout: "3s" });
        await looks(redis, 3);
        redis.fault({ kind: "status", status: 500, match, times: Number.POSITIVE_INFINITY });
        // Another task makes it ask for the action itself.
        node.action("maintenance_on").replaceTask("another");
        await incomplete(
          up,
          /^redis node 2 maintenance_on: not done within the timeout of 3s \(task [\w-]+, last seen running 50 %, \d+ looks, waited \d\.\ds, http:\/\/127\.0\.0\.1:\d+\); the last request failed: GET http:.*: 500 simulated 500; the next pulumi up goes on waiting$/,
        );
        redis.clearFaults();
        node.action("maintenance_on").finish();
        await harness.costing(0, () => stack.up({ ...good, timeout: "20s" }));
      },
    }),
  ),
];

const endpoints: Case[] = [
  {
    it: "goes with the leader wherever it moves while it waits",
    mutating: 1,
    cluster: { endpointPerNode: true },
    async run({ redis, node, stack }) {
      redis.plan({ held: true, actionMs: 10 });
      const up = stack.up(good);
      await looks(redis, 2);
      redis.changeLeader(3);
      await looks(redis, 5);
      redis.changeLeader(1);
      node.action("maintenance_on").finish();
      await up;
    },
  },
  {
    it: "goes with the leader to an address that the cluster lists, with one endpoint configured",
    mutating: 1,
    cluster: { endpointPerNode: true },
    async run({ redis, node, another }) {
      redis.plan({ held: true, actionMs: 10 });
      const { stack } = await another("redis:NodeMaintenance", { endpoints: redis.endpoints.slice(0, 1) });
      const up = stack.up(good);
      await looks(redis, 2);
      redis.changeLeader(3);
      await looks(redis, 5);
      node.action("maintenance_on").finish();
      await up;
    },
  },
  {
    it: "finds the leader when the first endpoint is a follower",
    mutating: 1,
    cluster: { endpointPerNode: true, leader: 3 },
    run: async ({ stack }) => void (await stack.up(good)),
  },
  {
    it: "follows its request to a leader that has just changed, and has one effect",
    mutating: 2,
    effects: 1,
    cluster: { endpointPerNode: true },
    async run({ redis, node, stack }) {
      // After every answer somebody else leads, so that every request meets a follower first.
      redis.watch(
        ({ method, status }) =>
          method === "GET" && status === 200 && redis.changeLeader(redis.leader === 1 ? 3 : 1),
      );
      await stack.up(good);
      assert.equal(node.maintenanceDepth, 1);
    },
  },
  {
    it: "does without an endpoint that is down",
    mutating: 1,
    cluster: { endpointPerNode: true, nodes: 5 },
    async run({ redis, stack }) {
      await redis.node(1).goDown();
      await stack.up({ ...good, allowOtherNodesUnavailable: true });
    },
  },
  {
    it: "goes on when the leader dies while it waits",
    mutating: 1,
    cluster: { endpointPerNode: true },
    async run({ redis, node, stack }) {
      redis.plan({ held: true, actionMs: 10 });
      const up = stack.up(good);
      await looks(redis, 2);
      await redis.node(1).goDown();
      node.action("maintenance_on").finish();
      await up;
    },
  },
  {
    it: "goes on when the whole cluster has restarted while it waits",
    mutating: 1,
    async run({ redis, node, stack }) {
      redis.plan({ held: true, actionMs: 10 });
      const up = stack.up(good);
      await looks(redis, 2);
      await redis.restart();
      node.action("maintenance_on").finish();
      await up;
    },
  },
];

const elsewhere =
  /the redirect|stranger\.example:9443 does not belong to this installation; it was not followed/;
const line =
  /To allow it: pulumi config set --path 'clusterops:connections\.redis\.trustedHosts\[0\]' stranger\.example$/;

const redirects: Case[] = [
  {
    it: "refuses a redirect to a stranger, and says how to allow it",
    mutating: 0,
    async run({ redis, session }) {
      const location = (path: string) => `http://stranger.example:9443${path}`;
      redis.fault({ kind: "redirect", location, times: Number.POSITIVE_INFINITY });
      await refused(session.create(good), elsewhere);
      await refused(session.create(good), line);
    },
  },
  {
    it: "refuses a redirect of the request itself, and records nothing",
    mutating: 1,
    effects: 0,
    async run({ redis, session }) {
      const location = (path: string) => `http://stranger.example:9443${path}`;
      redis.fault({ kind: "redirect", location, match: post("maintenance_on") });
      await refused(session.create(good), line);
    },
  },
];

const answers: Case[] = [
  {
    it: "names the endpoint that cannot be reached, how long it tried, and that nothing was sent",
    mutating: 0,
    connection: { endpoints: ["http://127.0.0.1:1"] },
    run: ({ session }) =>
      refused(
        session.create(good),
        /^redis node 2: GET http:\/\/127\.0\.0\.1:1\/.*refused \(\d tries in \d+\.\ds\); nothing was sent$/,
      ),
  },
  {
    it: "refuses an answer without end",
    mutating: 0,
    async run({ redis, session }) {
      redis.fault({ kind: "hugeBody", bytes: 50_000_000, match: { path: "/v1/nodes/2" } });
      await refused(session.create(good), /GET .*\/v1\/nodes\/2: the answer is larger than 8 MiB/);
    },
  },
];

const admin = { username: "ops@example.com", password: "planted-password", roles: ["admin"] };
const viewer = { username: "eve@example.com", password: "planted-password", roles: ["cluster_viewer"] };

const rights: Case[] = [
  {
    it: "says which role its request needs",
    mutating: 1,
    effects: 0,
    cluster: { auth: { users: [viewer] } },
    connection: { username: viewer.username, password: viewer.password },
    run: ({ session }) =>
      refused(
        session.create(good),
        /POST .*: 403 insufficient_permissions: .* \(the credentials lack a right; this call needs the admin role \(start_node_action\)\)/,
      ),
  },
  {
    it: "says so in a preview when the credentials are wrong",
    mutating: 0,
    cluster: { auth: { users: [admin] } },
    connection: { username: admin.username, password: "planted-mistake" },
    async run({ stack }) {
      await refused(
        stack.preview(good),
        /^connection: redis node 2: GET .*: 401 .*\(the credentials were not accepted; this call needs a role with view_/,
      );
    },
  },
  {
    it: "works with a token, in the vendor's own scheme",
    mutating: 1,
    cluster: { auth: { tokens: [{ token: "planted-token" }] } },
    connection: { token: "planted-token" },
    async run({ redis, stack }) {
      await stack.up(good);
      assert.ok(redis.requests.every(({ headers }) => headers.authorization?.startsWith("JWT ")));
    },
  },
];

describe("redis.NodeMaintenance, on a bad network", () => {
  behaviour("redis:NodeMaintenance", [...polling, ...endpoints, ...redirects, ...answers, ...rights]);
});
