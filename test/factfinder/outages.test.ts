import assert from "node:assert/strict";
import type { FactFinderOptions, FactFinderSimulator } from "../../simulators/index.ts";
import type { Properties } from "../rules/door.ts";
import { Tables } from "../rules/tables.ts";
import { syncOf, update, withHarness } from "./harness.ts";

/** A call that says what shall be so: sent twice it does no more than sent once. */
interface Call {
  what: string;
  type: string;
  inputs: Properties;
  path: RegExp;
  /** Makes the call necessary. */
  arrange(ff: FactFinderSimulator): void;
  isDone(ff: FactFinderSimulator): boolean;
}

const calls: Call[] = [
  {
    what: "the delta updates of a DatabaseSync",
    type: "DatabaseSync",
    inputs: syncOf(1),
    path: /\/de\/database\/sync$/,
    arrange: (ff) => ff.addDeltas("de", [update]),
    isDone: (ff) => ff.worker(1).isInSync("de"),
  },
  {
    what: "the reload of a DatabaseSync",
    type: "DatabaseSync",
    inputs: syncOf(1),
    path: /\/sync\/full$/,
    arrange: (ff) => ff.prune("de"),
    isDone: (ff) => ff.worker(1).isInSync("de"),
  },
  {
    what: "a verified NodeSync",
    type: "NodeSync",
    inputs: { connection: "worker1", channels: ["de"], director: "director" },
    path: /\/sync\/full$/,
    arrange: (ff) => ff.prune("de"),
    isDone: (ff) => ff.worker(1).isInSync("de"),
  },
  {
    what: "an unverified NodeSync",
    type: "NodeSync",
    inputs: { connection: "worker1" },
    path: /\/sync\/full$/,
    arrange: (ff) => ff.prune("de"),
    isDone: (ff) => ff.worker(1).isInSync("de"),
  },
  {
    what: "a ConfigVersionReset",
    type: "ConfigVersionReset",
    inputs: { connection: "worker1" },
    path: /\/reset\/config\/version\/counters$/,
    arrange: () => {},
    isDone: (ff) => ff.worker(1).configVersion === 0,
  },
];

/** What is in the way, from the moment at which the call is made. A function that it answers with ends it. */
type Outage = [what: string, inject: (ff: FactFinderSimulator, path: RegExp) => unknown];

const outages: Outage[] = [
  ["503 for 8 s", (ff, path) => ff.fault({ kind: "status", status: 503, lasts: 8_000, match: post(path) })],
  ["429 for 6 s", (ff, path) => ff.fault({ kind: "status", status: 429, lasts: 6_000, match: post(path) })],
  ["resets for 8 s", (ff, path) => ff.fault({ kind: "reset", lasts: 8_000, match: post(path) })],
  ["a connection refused for 8 s", refuseOnce],
  ["a token endpoint that fails once", failTokens],
  ["a token endpoint that fails for 8 s", (ff, path) => failTokens(ff, path, { lasts: 8_000 })],
];

function post(path: RegExp) {
  return { method: "POST", path };
}

/** The node goes away as soon as it has turned the first request down, and comes back. */
function refuseOnce(ff: FactFinderSimulator, path: RegExp): () => void {
  ff.fault({ kind: "status", status: 503, match: post(path) });
  let comesUp: NodeJS.Timeout | undefined;
  const stop = ff.watch((request) => {
    if (request.method !== "POST" || !path.test(request.path)) return;
    stop();
    void ff.worker(1).goDown();
    comesUp = setTimeout(() => void ff.worker(1).comeUp(), 8_000);
  });
  return () => clearTimeout(comesUp);
}

/** The token of the first call is refused, and the node has no other. */
function failTokens(ff: FactFinderSimulator, path: RegExp, how: { lasts?: number } = {}): void {
  ff.fault({ kind: "status", status: 401, match: post(path) });
  const token = { path: /oauth\/token$/, endpoint: "worker1" };
  ff.fault({ kind: "status", status: 503, ...how, skip: 1, match: token });
}

const client = { clientId: "ci", clientSecret: "planted-secret" };

describe("a call of FACT-Finder that does no harm twice goes on until the deadline", () => {
  const rows = calls.flatMap((call) => outages.map(([what, inject]) => ({ ...call, outage: what, inject })));
  new Tables(rows.length).each(
    rows,
    ({ what, outage }) => `${what}: ${outage}`,
    ({ type, inputs, path, arrange, isDone, inject }) =>
      withTokens(type, async (ff, up) => {
        arrange(ff);
        const end = inject(ff, path);
        await up(inputs).finally(() => typeof end === "function" && end());
        assert.ok(isDone(ff));
        const sent = ff.requests.filter(({ effect }) => effect);
        assert.equal(sent.length, 1, "one effect");
      }),
  );
});

function withTokens(
  type: string,
  run: (ff: FactFinderSimulator, up: (inputs: Properties) => Promise<unknown>) => Promise<void>,
): Promise<void> {
  const options: FactFinderOptions = { workers: 1, auth: { oauth2: { clients: [client] } } };
  const settings = (url: string) => ({ oauth2: { tokenUrl: `${url}/oauth/token`, ...client } });
  return withHarness(type, options, ({ ff, stack }) => run(ff, (inputs) => stack.up(inputs)), settings);
}
