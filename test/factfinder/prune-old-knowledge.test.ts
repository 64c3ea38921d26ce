import assert from "node:assert/strict";
import type { Connection } from "../../provider/index.ts";
import { type FactFinderOptions, type FactFinderSimulator, startFactFinder } from "../../simulators/index.ts";
import { directDoor, type Properties } from "../rules/door.ts";
import { Tables } from "../rules/tables.ts";
import { createAuthority } from "../support/certificates.ts";
import { faster } from "../support/faster.ts";
import { HoldingRelay } from "../support/holding-relay.ts";

const prune = { method: "POST", path: /\/database\/prune$/ };
const state = /\/database\/state$/;
const client = { clientId: "ci", clientSecret: "planted-secret" };
/** How much faster the provider's time runs. */
const factor = 8;
const slow = 8_000 / factor;

/** What lies between the look at the version and the request, while somebody else prunes. */
interface Delay {
  what: string;
  /** It stops the whole process. */
  stops?: boolean;
  options?: FactFinderOptions;
  connection?(url: string): Partial<Connection>;
  arrange(ff: FactFinderSimulator, relay: HoldingRelay): void;
}

const delays: Delay[] = [
  {
    what: "a token that takes its time",
    options: { auth: { oauth2: { clients: [client] } } },
    connection: (url) => ({ oauth2: { tokenUrl: `${url}/oauth/token`, ...client } }),
    arrange(ff) {
      ff.fault({ kind: "status", status: 401, match: prune });
      ff.fault({ kind: "delay", ms: slow, skip: 1, match: { path: /oauth\/token$/ } });
      pruneDuring(ff, ({ status }) => status === 401);
    },
  },
  {
    what: "a connection that hangs before it is there",
    arrange(ff, relay) {
      // Connections end with their answers, so that the next request takes a new one.
      const close = { kind: "status", status: 200, contentType: "application/json" } as const;
      const headers = { connection: "close" };
      const [counts, versions] = [{ importCounts: [{ type: "DATA", count: 0 }] }, ff.director.state("de")];
      ff.fault({ ...close, headers, body: JSON.stringify(counts), match: { path: /import\/state$/ } });
      ff.fault({ ...close, headers, body: JSON.stringify(versions), match: { path: state } });
      pruneDuring(ff, ({ path }) => {
        if (!state.test(path)) return false;
        relay.hold(slow);
        return true;
      });
    },
  },
  {
    what: "a redirect that takes its time",
    arrange(ff) {
      ff.fault({ kind: "delay", ms: slow, match: prune });
      ff.fault({ kind: "redirect", location: (target, host) => `https://${host}${target}`, match: prune });
      const before = ff.requests.length;
      const timer = setInterval(() => {
        if (!ff.requests.slice(before).some(({ path }) => prune.path.test(path))) return;
        clearInterval(timer);
        setTimeout(() => ff.prune("de"), slow / 2);
      }, 20);
    },
  },
  {
    what: "a process that was stopped",
    stops: true,
    options: { auth: { oauth2: { clients: [client] } } },
    connection: (url) => ({ oauth2: { tokenUrl: `${url}/oauth/token`, ...client } }),
    arrange(ff) {
      ff.fault({ kind: "status", status: 401, match: prune });
      pruneDuring(ff, ({ status }) => {
        if (status !== 401) return false;
        // Nothing of this process moves meanwhile, timers included.
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, slow);
        return true;
      });
    },
  },
];

/** Somebody else's prune, a moment after the request that fits. */
function pruneDuring(
  ff: FactFinderSimulator,
  fits: (request: { path: string; status?: number | undefined }) => boolean,
): void {
  const stop = ff.watch((request) => {
    if (!fits(request)) return;
    stop();
    setTimeout(() => ff.prune("de"), 0);
  });
}

type Wish = [what: string, inputs: Properties, before: number, version: number];

describe("A prune whose decision has grown old before it leaves", () => {
  faster(factor);
  const wishes: Wish[] = [
    ["is decided anew", {}, 42, 43],
    ["is not sent where ifDatabaseVersion is past by then", { ifDatabaseVersion: 41 }, 42, 42],
  ];
  const rows = delays.flatMap((delay) => wishes.map((wish) => [delay, wish] as const));
  const moving = rows.filter(([{ stops }]) => !stops);
  const titleOf = ([{ what }, [title]]: (typeof rows)[number]) => `${title}: ${what}`;
  new Tables(moving.length).each(moving, titleOf, run);
  // While one of these stands still, nothing else in this process moves.
  for (const row of rows.filter(([{ stops }]) => stops)) it(titleOf(row), () => run(row));
});

async function run([{ options, connection, arrange }, [, inputs, before, version]]: readonly [Delay, Wish]) {
  const authority = await createAuthority();
  await using ff = await startFactFinder({ ...options, workers: 0, tls: await authority.issue() });
  await using relay = await HoldingRelay.to(ff.director.url);
  await using session = await directDoor.open("factfinder:DatabasePrune", {
    factfinder: { endpoint: relay.url, caCert: authority.ca, ...connection?.(relay.url) },
  });
  arrange(ff, relay);
  const { outputs } = await session.create({ channel: "de", ...inputs });
  assert.equal(ff.director.state("de").databaseVersion, version);
  assert.deepEqual([outputs.databaseVersionBefore, outputs.databaseVersion], [before, version]);
  assert.equal(ff.counts().effects, version - 42);
}
