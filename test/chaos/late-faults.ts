import type { Fault as AnswerFault } from "../../simulators/index.ts";
import { type Fault, type FaultHarness, type Injection, injectionOf } from "./fault.ts";

/** After the client has given up, and long before it may send again what its system leaves no mark of. */
const landsAfter = 500;
/** How long a follower lags, or a token endpoint is out of reach. */
const lasts = 450;

/** A request that is given up or refused on the way, and carried out all the same, later; or carried out twice, as networks may. */
const late: Record<string, AnswerFault> = {
  "hang, carried out later": { kind: "hang", landsAfter },
  "connection reset, carried out later": { kind: "reset", landsAfter },
  "504, carried out later": { kind: "status", status: 504, landsAfter },
  "request delivered twice": { kind: "delay", ms: 0, landsAfter },
};

const lateFaults: Fault[] = Object.entries(late).map(([name, fault]) => ({
  name,
  when: "before the request is handled",
  requests: 1,
  // What the network has made two of, runs twice: a refresh finds the second run.
  isPlausible: () => name === "request delivered twice",
  inject: ({ simulator, request }) =>
    injectionOf(simulator.fault({ ...fault, when: "before", match: request })),
}));

/** From the first mutating request on, reads tell what was before, as from a follower. */
const staleReads: Fault = {
  name: "stale reads",
  when: "after the request",
  requests: 1,
  // Where the system leaves no mark, nothing is ever read.
  fits: ({ leavesMark }) => leavesMark,
  inject({ simulator }) {
    let stale: Injection | undefined;
    const unwatch = simulator.watch(({ mutating }) => {
      if (!mutating || stale) return;
      stale = injectionOf(simulator.fault({ kind: "stale", when: "after", match: { method: "GET" }, lasts }));
    });
    return {
      get injected() {
        return stale?.injected ?? false;
      },
      end() {
        unwatch();
        return stale?.end();
      },
    };
  },
};

/** What befalls the endpoint that access tokens come from. */
const tokenTroubles: Record<string, AnswerFault> = {
  "slow token endpoint": { kind: "delay", ms: 120, times: Number.POSITIVE_INFINITY },
  "token endpoint that hangs for a while": { kind: "hang", lasts },
  "token endpoint that answers 503 for a while": { kind: "status", status: 503, lasts },
};

const tokenFaults: Fault[] = Object.entries(tokenTroubles).map(([name, fault]) => ({
  name,
  when: "at the start",
  needs: "oauth2",
  inject({ simulator }: FaultHarness) {
    simulator.expireTokens();
    return injectionOf(simulator.fault({ ...fault, match: { path: "/oauth/token" } }));
  },
}));

/** Effects that come late or twice, reads that come from the past, tokens that take their time. */
export const latenessFaults: Fault[] = [...lateFaults, staleReads, ...tokenFaults];
