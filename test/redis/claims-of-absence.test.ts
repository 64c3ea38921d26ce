import assert from "node:assert/strict";
import { setTimeout as pause } from "node:timers/promises";
import { beforeKey } from "../../provider/core/lifecycle/intent.ts";
import type { FaultKind } from "../../simulators/index.ts";
import {
  behaviour,
  type Case,
  faultFor,
  type Harness,
  incomplete,
  looks,
  outputs,
  until,
} from "./cluster.ts";

/*
 * "Not found" is a claim: proxies make it, and nodes that have just become the leader. Not known is neither failed nor absent.
 */

const good = { nodeUid: 2, action: "enslave_node", timeout: "60s" };
const actions = { method: "GET", path: /\/actions(\/|$)/ };

/** How the server can say that there is no such action. */
const claims: [string, FaultKind][] = [
  ["a proxy's 404", { kind: "html", status: 404 }],
  [
    "a typed 404",
    {
      kind: "status",
      status: 404,
      contentType: "application/json",
      body: JSON.stringify({ error_code: "action_not_found", description: "Action does not exist" }),
    },
  ],
];

/** An empty list where lists are asked for, and 404 for one action. */
function emptyLists({ redis }: Harness, milliseconds: number): void {
  faultFor(redis, milliseconds, {
    kind: "wrongType",
    value: { actions: [] },
    match: { method: "GET", path: /\/actions$/ },
  });
  faultFor(redis, milliseconds, {
    kind: "status",
    status: 404,
    match: { method: "GET", path: /\/actions\/./ },
  });
}

const lie404 = ({ redis }: Harness, milliseconds: number) =>
  faultFor(redis, milliseconds, { kind: "html", status: 404, match: actions });

const everyClaim: [string, (harness: Harness, milliseconds: number) => void][] = [
  ...claims.map(([name, kind]): [string, (harness: Harness, milliseconds: number) => void] => [
    name,
    ({ redis }, milliseconds) => faultFor(redis, milliseconds, { ...kind, match: actions }),
  ]),
  ["empty lists", emptyLists],
];

const running: Case[] = everyClaim.flatMap(([claim, lie]): Case[] => [
  {
    it: `goes on waiting for its action through 2.6 s of ${claim}`,
    mutating: 1,
    async run(harness) {
      const { redis, node, stack } = harness;
      redis.plan({ held: true, actionMs: 10 });
      const up = stack.up(good);
      await looks(redis, 2);
      lie(harness, 2_600);
      await pause(1_000);
      node.action("enslave_node").finish();
      await up;
      assert.deepEqual(
        [outputs(harness).status, outputs(harness).taskId],
        ["completed", node.action("enslave_node").taskId],
      );
    },
  },
  {
    it: `is done by its own task through ${claim} from 0.3 to 4 s after the request`,
    mutating: 1,
    cluster: { actionMs: 1_500 },
    async run(harness) {
      const { redis, node, stack } = harness;
      const up = stack.up(good);
      await until(() => redis.requests.some(({ method, status }) => method === "POST" && status === 200));
      await pause(300);
      lie(harness, 3_700);
      await up;
      assert.deepEqual(
        [outputs(harness).status, outputs(harness).taskId],
        ["completed", node.action("enslave_node").taskId],
      );
    },
  },
]);

const older: Case[] = [400, 3_000].flatMap((milliseconds) =>
  everyClaim.map(([claim, lie]) => ({
    it: `runs although its companion met ${milliseconds / 1_000} s of ${claim} where an older run is`,
    mutating: 1,
    async run(harness) {
      const { node, stack, another } = harness;
      node.start("enslave_node").finish();
      const { taskId } = node.action("enslave_node");
      const companion = await another("redis:NodeActionIntent");
      lie(harness, milliseconds);
      const { before } = (await companion.session.create({ nodeUid: 2, action: "enslave_node" })).outputs;
      await pause(milliseconds);
      const { timeout: _, ...inputs } = good;
      await stack.up({ ...inputs, [beforeKey]: before });
      assert.notEqual(outputs(harness).taskId, taskId);
    },
  })),
);

/** Of the request itself: something on the way says so. */
const sent = (type: string, inputs: object): [type: string, cases: Case[]] => [
  type,
  [
    {
      it: "is begun although a gateway knows no way there for 2.6 s",
      effects: 1,
      async run({ redis, stack }) {
        faultFor(redis, 2_600, { kind: "html", status: 404, match: { method: "POST" } });
        await stack.up({ ...inputs, timeout: "60s" });
      },
    },
  ],
];

/** What the cancellation of an action meets that has come to its end just before. */
const races: Case[] = [
  {
    it: "does not call an action cancelled, and does not run it again, whose status went with the request to cancel it",
    mutating: 2,
    effects: 2,
    async run(harness) {
      const { redis, node, stack } = harness;
      redis.plan({ held: true, actionMs: 10 });
      const inputs = { ...good, timeout: "3s", onTimeout: "cancel" };
      const late = redis.fault({ kind: "delay", ms: 200, match: { method: "DELETE" } });
      const up = stack.up(inputs);
      up.catch(() => {});
      await until(() => late.hits > 0);
      node.action("enslave_node").finish();
      const recorded = await incomplete(up, /no longer/);
      assert.notEqual(recorded.status, "cancelled");
      await stack.up(inputs).catch(() => {});
      assert.equal(redis.failovers > 0, true);
    },
  },
  {
    it: "sees by the node itself that what it cancelled had come to its end",
    mutating: 2,
    async run(harness) {
      const { redis, node, stack } = harness;
      redis.plan({ held: true, actionMs: 10 });
      const inputs = { nodeUid: 2, action: "maintenance_on", timeout: "3s", onTimeout: "cancel" };
      const late = redis.fault({ kind: "delay", ms: 200, match: { method: "DELETE" } });
      const up = stack.up(inputs);
      up.catch(() => {});
      await until(() => late.hits > 0);
      node.action("maintenance_on").finish();
      await up.catch(() => stack.up(inputs));
      assert.deepEqual([outputs(harness).status, node.maintenanceDepth], ["completed", 1]);
    },
  },
];

const maintenance: Case[] = everyClaim.map(([claim, lie]) => ({
  it: `goes on waiting for its maintenance_on through 2.6 s of ${claim}`,
  mutating: 1,
  async run(harness) {
    const { redis, node, stack } = harness;
    redis.plan({ held: true, actionMs: 10 });
    const up = stack.up({ nodeUid: 2, timeout: "60s" });
    await looks(redis, 2);
    lie(harness, 2_600);
    await pause(1_000);
    node.action("maintenance_on").finish();
    await up;
    assert.equal(node.maintenanceDepth, 1);
  },
}));

const removals: Case[] = [
  {
    it: "is neither gone nor failed for ten seconds of 404, and is resumed",
    mutating: 1,
    async run(harness) {
      const { redis, node, stack } = harness;
      redis.plan({ held: true, actionMs: 10 });
      const up = stack.up({ nodeUid: 2, timeout: "60s" });
      await looks(redis, 2);
      lie404(harness, 9_000);
      await incomplete(up, /instead it is still listed, .* tells nothing more of the removal \(task /);
      await pause(4_500);
      const again = stack.up({ nodeUid: 2 });
      node.action("remove").finish();
      await again;
      assert.equal(node.exists, false);
    },
  },
];

describe("redis, claims that there is no such action", function () {
  this.timeout(60_000);
  behaviour("redis:NodeAction", [...running, ...older, ...races]);
  behaviour("redis:NodeMaintenance", maintenance);
  behaviour("redis:NodeRemoval", removals);
  for (const each of [
    sent("redis:NodeAction", good),
    sent("redis:NodeMaintenance", { nodeUid: 2 }),
    sent("redis:NodeRemoval", { nodeUid: 2 }),
    sent("redis:ReplicaNode", { nodeUid: 3 }),
  ])
    behaviour(...each);
});
