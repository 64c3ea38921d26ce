import assert from "node:assert/strict";
import {
  type FactFinderSimulator,
  type RedisSimulator,
  startAspire,
  type TcfSimulator,
} from "../../simulators/index.ts";
import { Incomplete } from "../support/flat.ts";
import { expecting, nothing, withApproved } from "./approval.ts";
import { directDoor, type Properties } from "./door.ts";
import { failureOf, type ResourceCase, withHarness } from "./resource-case.ts";
import { cases } from "./rules.ts";
import { Stack } from "./stack.ts";

function caseOf(type: string): ResourceCase {
  return cases.find((one) => one.type === type) ?? assert.fail(type);
}

interface Change {
  type: string;
  /** What happens between approval and update. */
  what: string;
  /** How it is when it is approved. */
  before?(simulator: never): void;
  change(simulator: never): void;
  inputs?: Properties;
  says: RegExp;
}

const beside = { allowOtherNodesUnavailable: true };
const changeLeader = (redis: RedisSimulator) => redis.changeLeader(2);
const putAway = (redis: RedisSimulator) => redis.node(3).putInMaintenance();
const prune = (ff: FactFinderSimulator) => ff.prune("de");
const version = "databaseVersion of channel de on";

const changes: Change[] = [
  {
    type: "tcf:ActiveCluster",
    what: "the cluster that was active already no longer is",
    before: (tcf: TcfSimulator) => tcf.failOver(),
    change: (tcf: TcfSimulator) => tcf.failOver(),
    says: /active cluster: was cluster2, is cluster1/,
  },
  {
    type: "tcf:ActiveCluster",
    what: "both clusters have become active",
    change(tcf: TcfSimulator) {
      tcf.cluster("cluster2").status = "active";
    },
    inputs: { resolveBothActive: true },
    says: /active cluster: was cluster1, is cluster1 and cluster2/,
  },
  {
    type: "tcf:ClusterRole",
    what: "the cluster that was passive already no longer is",
    before: (tcf: TcfSimulator) => tcf.failOver(),
    change: (tcf: TcfSimulator) => tcf.failOver(),
    says: /role of cluster1: was passive, is active/,
  },
  {
    type: "redis:NodeMaintenance",
    what: "the node leads the cluster now",
    change: changeLeader,
    says: /leader: was node 1, is node 2/,
  },
  {
    type: "redis:NodeMaintenance",
    what: "another node is in maintenance",
    change: putAway,
    inputs: beside,
    says: /other nodes: was 2, all free, is 2, node 3 in maintenance/,
  },
  {
    type: "redis:NodeRemoval",
    what: "another node is in maintenance",
    change: (redis: RedisSimulator) => redis.node(1).putInMaintenance(),
    inputs: beside,
    says: /other nodes: was 2, all free, is 2, node 1 in maintenance/,
  },
  {
    type: "factfinder:DatabasePrune",
    what: "somebody else has pruned",
    change: prune,
    says: new RegExp(`${version} \\w+: was 42, is 43`),
  },
  {
    type: "factfinder:DatabaseSync",
    what: "the director has moved on",
    change: prune,
    says: new RegExp(`${version} director: was 42, is 43`),
  },
];

describe("what was approved is void", function () {
  this.timeout(20_000);

  for (const { type, what, before, change, inputs = {}, says } of changes) {
    it(`for ${type}, where ${what}: preview and update say so, and nothing is sent`, () =>
      withApproved(caseOf(type), { before: before as never, inputs }, async (approved) => {
        const { rig, good, stack, session, token, spent } = approved;
        change(rig.simulator as never);
        const { mutating } = await spent(async () => {
          // As an engine that has not looked ahead in this update.
          const unseen = async () => session.create((await session.check(undefined, good, false)).inputs);
          const attempts: (() => Promise<unknown>)[] = [
            () => stack.preview(good),
            unseen,
            () => stack.up(good),
          ];
          for (const attempt of attempts)
            assert.match((await failureOf(expecting(token, attempt))).message, says);
        });
        assert.equal(mutating, 0);
        assert.equal(stack.state, undefined);
      }));
  }
});

describe("whatever was approved,", function () {
  this.timeout(20_000);

  it("a federation without an active cluster is healed", () =>
    withHarness(directDoor, caseOf("tcf:ActiveCluster"), async ({ rig, stack, good, spent }) => {
      (rig.simulator as TcfSimulator).cluster("cluster1").status = "passive";
      const { mutating } = await spent(() => expecting(nothing, () => stack.up(good)));
      assert.equal(mutating, 1);
    }));

  it("a job that has begun is brought to its end, and only that", async () => {
    await using aspire = await startAspire();
    const connections = { aspire: { endpoints: aspire.endpoints } };
    await using session = await directDoor.open("aspire:SeedRelease", connections);
    const stack = new Stack(session);
    aspire.fault({ kind: "status", status: 404, match: { path: /release/ }, skip: 1 });
    const inputs = { seedIds: ["AAABcID5GBc=", "AAAB/+7eWUc="] };
    const failure = await failureOf(stack.up(inputs));
    assert.ok(failure instanceof Incomplete, failure.stack);
    aspire.resetCounts();
    const others = { seedIds: ["AAABcID5GBc=", "AAABcQk+W/c="] };
    const refusal = await failureOf(expecting(nothing, () => stack.up(others)));
    assert.match(refusal.message, /it is not part of what was approved/);
    assert.equal(aspire.counts().mutating, 0);
    await expecting(nothing, () => stack.up(inputs));
    assert.equal(aspire.counts().mutating, 1, "the rest is sent");
  });

  for (const resource of cases.filter(
    ({ hold, kind, isLedToSafety }) => hold && kind === "state" && !isLedToSafety,
  )) {
    it(`${resource.type} that is not finished is resumed`, () =>
      withHarness(directDoor, resource, async ({ rig, stack, good, spent }) => {
        const release = resource.hold?.(rig);
        const inputs = { ...good, timeout: "1s" };
        const failure = await failureOf(stack.up(inputs));
        assert.ok(failure instanceof Incomplete, failure.stack);
        release?.();
        await expecting(nothing, () => stack.up(inputs));
        const again = await spent(() => expecting(nothing, () => stack.up(inputs)));
        assert.equal(again.mutating, 0);
      }));
  }
});
