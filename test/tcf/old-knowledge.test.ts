import assert from "node:assert/strict";
import { setTimeout as pause } from "node:timers/promises";
import type { TcfOptions } from "../../simulators/index.ts";
import { Tables } from "../rules/tables.ts";
import { createAuthority } from "../support/certificates.ts";
import { HoldingRelay } from "../support/holding-relay.ts";
import { activeWest, failureOf, type Harness, nobodyActive, openHarness, wanted } from "./harness.ts";
import { onNextRequest, withoutReuse } from "./on-request.ts";
import { forTokens, withToken } from "./tokens.ts";

/*
 * Between the look that decides and the sending of what it has decided lies whatever the way there takes: a token that has to be
 * fetched, a connection that hangs, a redirect. A promote that left 8 s after its look made two active clusters.
 */

type Call = "demote" | "promote";
type Type = "tcf:ActiveCluster" | "tcf:ClusterRole";

/** How the way of the first such call comes to take 8 s. */
interface Slowness {
  what: string;
  /** Whether an endpoint has seen the call before that, and turned it away. */
  isTurnedAway: boolean;
  /** @param run gets the harness, and what resolves once the call is on its way */
  run(
    type: Type,
    call: Call,
    run: (harness: Harness, isOnItsWay: Promise<void>) => Promise<void>,
  ): Promise<void>;
}

/** What two active clusters would show as. */
const options: TcfOptions = { promoteWhileOtherActive: "bothActive" };

const slowness: Slowness[] = [
  {
    what: "a token fetch",
    isTurnedAway: true,
    async run(type, call, run) {
      await using harness = await openHarness(type, { ...options, auth: forTokens }, withToken);
      const { promise, resolve } = Promise.withResolvers<void>();
      harness.tcf.fault({ kind: "status", status: 401, match: { path: `/tcf/${call}` } });
      const stop = harness.tcf.watch(({ path }) => {
        if (path !== `/tcf/${call}`) return;
        stop();
        harness.tcf.fault({ kind: "delay", ms: 8_000, match: { path: "/oauth/token" } });
        resolve();
      });
      await run(harness, promise);
    },
  },
  {
    what: "a 307",
    isTurnedAway: true,
    async run(type, call, run) {
      await using harness = await openHarness(type, options);
      const match = { path: `/tcf/${call}` };
      harness.tcf.fault({ kind: "delay", ms: 8_000, match });
      harness.tcf.fault({ kind: "redirect", location: (path, host) => `http://${host}${path}`, match });
      const { promise, resolve } = Promise.withResolvers<void>();
      onNextRequest(harness.tcf.endpoints, match.path, resolve);
      await run(harness, promise);
    },
  },
  {
    what: "a connection",
    isTurnedAway: false,
    async run(type, call, run) {
      const authority = await createAuthority();
      await using relays = new AsyncDisposableStack();
      const { promise, resolve } = Promise.withResolvers<void>();
      const tls = await authority.issue();
      await using harness = await openHarness(type, { ...options, tls }, async ({ endpoints }) => {
        const relay = relays.use(await HoldingRelay.to(endpoints[0] as string));
        onNextRequest([relay.url], `/tcf/${call}`, () => {
          relay.hold(8_000);
          resolve();
        });
        return { ...withoutReuse, endpoints: [relay.url], caCert: authority.ca };
      });
      await run(harness, promise);
    },
  },
];

/** Calls that were let in, whatever came of them. */
const letIn = ({ tcf }: Harness) =>
  tcf.requests
    .filter(({ mutating, status }) => mutating && status !== undefined && status < 300)
    .map(({ path }) => path);

const tables = new Tables(12);

describe("what was decided on a look of 8 s ago is not sent", function () {
  this.timeout(60_000);
  describe("a promote, after somebody else has promoted the other cluster", () => {
    tables.each(
      slowness,
      ({ what }) => `${what} that takes 8 s`,
      ({ run }) =>
        run("tcf:ActiveCluster", "promote", async (harness, isOnItsWay) => {
          const up = failureOf(harness.stack.up(wanted()));
          await isOnItsWay;
          await pause(1_000);
          harness.tcf.cluster("cluster1").status = "active";
          const error = await up;
          assert.deepEqual([letIn(harness), harness.tcf.activeNames], [["/tcf/demote"], ["cluster1"]]);
          assert.match(error.message, /demote cluster1 was carried out and then undone by somebody else/);
          assert.doesNotMatch(error.message, /nothing was sent|NO ACTIVE CLUSTER/);
        }),
    );
  });

  describe("a demote, after a coordinator has switched: what is wanted is there", () => {
    tables.each(
      slowness,
      ({ what }) => `${what} that takes 8 s`,
      ({ run }) =>
        run("tcf:ActiveCluster", "demote", async (harness, isOnItsWay) => {
          const up = harness.stack.up(wanted());
          await isOnItsWay;
          await pause(1_000);
          harness.tcf.failOver();
          await up;
          assert.deepEqual([letIn(harness), harness.tcf.activeNames], [[], ["cluster2"]]);
        }),
    );
  });

  describe("a ClusterRole's promote, after the other side has been promoted", () => {
    tables.each(
      slowness,
      ({ what }) => `${what} that takes 8 s`,
      ({ run, isTurnedAway }) =>
        run("tcf:ClusterRole", "promote", async (harness, isOnItsWay) => {
          nobodyActive(harness);
          const up = failureOf(harness.stack.up(activeWest({ cluster: "cluster2" })));
          await isOnItsWay;
          await pause(1_000);
          harness.tcf.cluster("cluster1").status = "active";
          const error = await up;
          assert.deepEqual([letIn(harness), harness.tcf.activeNames], [[], ["cluster1"]]);
          assert.match(error.message, /cluster1 is active/);
          if (isTurnedAway) assert.doesNotMatch(error.message, /nothing was sent/);
        }),
    );
  });

  describe("but is decided anew, and sent where it still is what is to be done", () => {
    tables.each(
      slowness,
      ({ what }) => `${what} that takes 8 s`,
      ({ run }) =>
        run("tcf:ActiveCluster", "promote", async (harness, isOnItsWay) => {
          const up = harness.stack.up(wanted());
          await isOnItsWay;
          const known = harness.tcf.requests.length;
          await up;
          assert.deepEqual(
            [letIn(harness), harness.tcf.activeNames],
            [["/tcf/demote", "/tcf/promote"], ["cluster2"]],
          );
          const since = harness.tcf.requests.slice(known).map(({ path }) => path);
          const sent = since.lastIndexOf("/tcf/promote");
          assert.ok(
            since.slice(0, sent).includes("/tcf/clusters"),
            `both sides were read again before it: ${since}`,
          );
        }),
    );
  });
});
