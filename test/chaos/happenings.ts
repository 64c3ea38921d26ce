import { setTimeout as pause } from "node:timers/promises";
import type { FaultMatch, RedisSimulator, TcfOptions } from "../../simulators/index.ts";
import type { ResourceCase } from "../rules/resource-case.ts";
import type { Battle, Blow, Strike } from "./blow.ts";

/** How many requests have been answered when it happens; -1: before the first. */
interface Progress {
  reads: number;
  mutating: number;
  readsSinceRequest: number;
}

/** When something happens: as soon as a request that fits has been answered. */
const moments: Record<string, (progress: Progress) => boolean> = {
  "at the start": () => true,
  "after the first look": ({ reads }) => reads === 1,
  "after the request": ({ mutating }) => mutating === 1,
  "while polling": ({ readsSinceRequest, reads }) => readsSinceRequest === 2 || reads === 6,
};

export type Happening = Omit<Blow, "when" | "strike"> & {
  happen(battle: Battle): void | Promise<void>;
  end?(battle: Battle): void | Promise<void>;
  /** Of `moments`; default all. */
  at?: string[];
};

const isRedis = ({ type }: ResourceCase) => type.startsWith("redis:");
const isTcf = ({ type }: ResourceCase) => type.startsWith("tcf:");
const each = (battle: Battle, change: "cut" | "mend") =>
  Promise.all(battle.relays.flat().map((relay) => relay[change]()));

/** The action that this case is about, where it is one and has been started. */
function actionOf({ resource, simulator }: Battle) {
  const [, uid, name] = /(\d+)\/actions\/(\w+)/.exec(String(resource.request.path)) ?? [];
  const action = (simulator as RedisSimulator).node(Number(uid)).action(String(name));
  return action.status === undefined ? undefined : action;
}

const hour = 3_600_000;
const mid = ["after the request", "while polling"];

/** What happens to an installation, other than a bad answer to one request. */
const happenings: Happening[] = [
  {
    name: "connection refused",
    needs: "relays",
    happen: async (battle) => void (await each(battle, "cut")),
    end: async (battle) => void (await each(battle, "mend")),
  },
  {
    name: "connection refused for a while",
    needs: "relays",
    async happen(battle) {
      await each(battle, "cut");
      await pause(300);
      await each(battle, "mend");
    },
  },
  {
    name: "one of two endpoints dead",
    needs: "relays",
    happen: async ({ relays }) => void (await Promise.all(relays.map(([first]) => first?.cut()))),
  },
  { name: "restart, state kept", happen: ({ simulator }) => simulator.restart() },
  {
    name: "restart, state lost",
    loses: true,
    happen: ({ simulator }) => simulator.restart({ loseHistory: true }),
  },
  {
    name: "token expired",
    needs: "oauth2",
    happen: ({ simulator }) => simulator.expireTokens(),
  },
  {
    name: "leader change",
    needs: "leader",
    fits: isRedis,
    // The old leader is a replica then.
    fulfils: ({ type }) => type === "redis:ReplicaNode",
    happen({ simulator, resource }) {
      const redis = simulator as RedisSimulator;
      const target = Number(/nodes\/(\d+)/.exec(String(resource.request.path))?.[1] ?? 3);
      redis.changeLeader([1, 2, 3].find((uid) => uid !== redis.leader && uid !== target) as number);
    },
  },
  {
    name: "unknown status word",
    fits: isRedis,
    at: mid,
    happen: (battle) => actionOf(battle)?.sayStatus("pondering"),
  },
  {
    name: "unknown status word",
    fits: isTcf,
    at: ["at the start"],
    happen: ({ rig }) =>
      void Object.assign((rig as unknown as { options: TcfOptions }).options, {
        switchMs: 150,
        switchWord: "pondering",
      }),
  },
  {
    name: "action vanished",
    loses: true,
    fits: isRedis,
    at: mid,
    happen: (battle) => actionOf(battle)?.vanish(),
  },
  {
    name: "action replaced by another task",
    loses: true,
    fits: isRedis,
    at: mid,
    happen: (battle) => actionOf(battle)?.replaceTask("11111111-2222-3333-4444-555555555555"),
  },
  { name: "server's clock an hour ahead", happen: ({ simulator }) => simulator.clock.advance(hour) },
  {
    name: "server's clock an hour back",
    happen: ({ simulator }) => simulator.clock.advance(-hour),
    end: ({ simulator }) => simulator.clock.advance(hour),
  },
  { name: "cancelled (SIGINT)", happen: ({ session }) => session.cancel?.() },
];

/** A redirect to the other address of the same endpoint. */
function redirect(when: string, match: (request: FaultMatch) => FaultMatch): Blow {
  return {
    name: "redirect to another endpoint",
    when,
    needs: "relays",
    requests: when === "in place of the request" ? 1 : 0,
    strike({ simulator, resource, relays }) {
      const faults = relays.flatMap(([, second]) =>
        simulator.fault({
          kind: "redirect",
          location: (pathAndQuery) => `${second?.origin}${pathAndQuery}`,
          match: match(resource.request),
        }),
      );
      return {
        get struck() {
          return faults.some((fault) => fault.hits > 0);
        },
        end: () => {
          for (const fault of faults) fault.remove();
        },
      };
    },
  };
}

/** A happening at each of its moments. */
export function blowsOf({ happen, end, at = Object.keys(moments), ...common }: Happening): Blow[] {
  return at.map((when) => ({
    ...common,
    when,
    requests: when === "after the request" ? 1 : 0,
    strike: (battle) => lieInWait(battle, when, happen, end),
  }));
}

function lieInWait(battle: Battle, when: string, happen: Happening["happen"], end: Happening["end"]): Strike {
  const progress: Progress = { reads: 0, mutating: 0, readsSinceRequest: 0 };
  let happened: void | Promise<void>;
  let struck = false;
  const strike = () => {
    struck = true;
    happened = happen(battle);
  };
  const unwatch = battle.simulator.watch((record) => {
    if (struck || record.token) return;
    if (record.mutating) progress.mutating++;
    else progress.reads++;
    if (!record.mutating && progress.mutating > 0) progress.readsSinceRequest++;
    if (moments[when]?.(progress)) strike();
  });
  if (when === "at the start") strike();
  return {
    get struck() {
      return struck;
    },
    async end() {
      unwatch();
      await happened;
      await end?.(battle);
    },
  };
}

export const events: Blow[] = [
  ...happenings.flatMap(blowsOf),
  redirect("in place of the request", (request) => request),
  redirect("at the first look", () => ({ method: "GET" })),
];
