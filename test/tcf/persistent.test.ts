import assert from "node:assert/strict";
import type { Fault, TcfOptions } from "../../simulators/index.ts";
import { Tables } from "../rules/tables.ts";
import { Incomplete } from "../support/flat.ts";
import {
  activeWest,
  failureOf,
  type Harness,
  nobodyActive,
  openHarness,
  passiveEast,
  wanted,
} from "./harness.ts";
import { onNextRequest, withoutReuse } from "./on-request.ts";
import { forTokens, withToken } from "./tokens.ts";

/*
 * A failover whose demote is done, and whose promote meets trouble of some seconds, gave up after three tries: 4.5 s of its 5 m,
 * with no active cluster. What provably did nothing, or does no more than it did the first time, goes on until the deadline.
 */

const always = Number.POSITIVE_INFINITY;

type Call = "demote" | "promote";

/** Trouble that begins with the first request of this kind, and lasts for so many milliseconds. */
type Trouble = (harness: Harness, call: Call) => void;

/** Each such request is answered like that, until the time is over. */
const answers =
  (fault: Fault, ms: number): Trouble =>
  ({ tcf }, call) => {
    const struck = tcf.fault({ ...fault, times: always, match: { path: `/tcf/${call}` } });
    const stop = tcf.watch(({ path }) => {
      if (path !== `/tcf/${call}`) return;
      stop();
      setTimeout(() => struck.remove(), ms);
    });
  };

const onceIn = { demote: "cluster1", promote: "cluster2" } as const;

/** The cluster is gone from the moment in which it is asked, although every read before was answered. */
const refusesConnections: Trouble = ({ tcf }, call) => {
  const cluster = tcf.cluster(onceIn[call]);
  onNextRequest(cluster.endpoints, `/tcf/${call}`, () => {
    void cluster.goDown();
    setTimeout(() => void cluster.comeUp(), 8_000);
  });
};

/** The token has just expired, and another one cannot be had for some time. */
const withoutToken =
  (times: number, ms: number): Trouble =>
  ({ tcf }, call) => {
    tcf.fault({ kind: "status", status: 401, match: { path: `/tcf/${call}` } });
    const stop = tcf.watch(({ path }) => {
      if (path !== `/tcf/${call}`) return;
      stop();
      const struck = tcf.fault({ kind: "status", status: 503, times, match: { path: "/oauth/token" } });
      if (ms > 0) setTimeout(() => struck.remove(), ms);
    });
  };

const troubles: [what: string, trouble: Trouble][] = [
  ["503 for 8 s", answers({ kind: "status", status: 503 }, 8_000)],
  ["502 for 8 s", answers({ kind: "html", status: 502 }, 8_000)],
  ["504 for 8 s", answers({ kind: "status", status: 504 }, 8_000)],
  ["429 for 6 s", answers({ kind: "status", status: 429 }, 6_000)],
  [
    "429 with Retry-After for 6 s",
    answers({ kind: "status", status: 429, headers: { "retry-after": "1" } }, 6_000),
  ],
  ["a reset for 8 s", answers({ kind: "reset" }, 8_000)],
  ["a gateway's 404 for 4 s", answers({ kind: "html", status: 404 }, 4_000)],
  ["a refused connection for 8 s", refusesConnections],
  ["a token endpoint that fails once", withoutToken(1, 0)],
  ["a token endpoint that fails for 8 s", withoutToken(always, 8_000)],
];

function open(type: "tcf:ActiveCluster" | "tcf:ClusterRole", options: TcfOptions = {}): Promise<Harness> {
  return openHarness(type, { auth: forTokens, ...options }, (cluster) => ({
    ...withoutReuse,
    ...withToken(cluster),
  }));
}

const tables = new Tables(40);

describe("trouble that passes is outlasted", function () {
  this.timeout(60_000);
  for (const call of ["demote", "promote"] as const) {
    describe(`in a failover's ${call}`, () => {
      tables.each(
        troubles,
        ([what]) => what,
        async ([, trouble]) => {
          await using harness = await open("tcf:ActiveCluster");
          trouble(harness, call);
          await harness.stack.up(wanted());
          assert.deepEqual(harness.tcf.activeNames, ["cluster2"]);
          assert.equal(harness.tcf.counts().effects, 2);
          assert.equal(await harness.stack.up(wanted()), "same");
        },
      );
    });
    describe(`in a ClusterRole's ${call}`, () => {
      tables.each(
        troubles,
        ([what]) => what,
        async ([, trouble]) => {
          await using harness = await open("tcf:ClusterRole");
          if (call === "promote") nobodyActive(harness);
          trouble(harness, call);
          const inputs = (call === "promote" ? activeWest : passiveEast)({ cluster: onceIn[call] });
          await harness.stack.up(inputs);
          assert.equal(harness.tcf.cluster(onceIn[call]).status, call === "promote" ? "active" : "passive");
          assert.equal(harness.tcf.counts().effects, 1);
          assert.equal(await harness.stack.up(inputs), "same");
        },
      );
    });
  }

  describe("and what does not pass ends with the deadline, not before", () => {
    const lasting = troubles.filter(([what]) => /^(503|429|a reset)/.test(what) && !/Retry/.test(what));
    tables.each(
      lasting.map(([what]) => what),
      (what) => what.replace(/for \d s/, "for ever"),
      async (what) => {
        await using harness = await open("tcf:ActiveCluster");
        const kind: Fault = what.startsWith("a")
          ? { kind: "reset" }
          : { kind: "status", status: Number(what.slice(0, 3)) };
        harness.tcf.fault({ ...kind, times: always, match: { path: "/tcf/promote" } });
        const error = await failureOf(harness.stack.up(wanted({ timeout: "20s" })));
        const tries = harness.switched().filter((each) => each === "promote cluster2").length;
        assert.ok(tries > 3, `${tries} tries`);
        assert.ok(error instanceof Incomplete);
        assert.match(error.message, /^NO ACTIVE CLUSTER: .*promote cluster2/);
        assert.match(error.message, /the timeout of 20s/);
        assert.match(error.message, /demote cluster1/);
        harness.tcf.clearFaults();
        await harness.stack.up(wanted());
        assert.deepEqual(harness.tcf.activeNames, ["cluster2"]);
      },
    );
  });
});
