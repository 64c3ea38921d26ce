import { setTimeout as pause } from "node:timers/promises";
import type { FaultMatch, RedisActionHandle, RedisSimulator, TcfOptions } from "../../simulators/index.ts";
import type { ResourceCase } from "../rules/resource-case.ts";
import type { Battle, Blow, Strike } from "./blow.ts";
import { effectsOf } from "./operation.ts";

/** How many requests have been answered. */
interface Progress {
  reads: number;
  mutating: number;
  readsSinceRequest: number;
}

/** Before the operation begins. */
const start = "at the start";
const afterRequest = "after the request";
const polling = "while polling";

/** When something happens: as soon as a request that fits has been answered. */
const moments: Record<string, (progress: Progress) => boolean> = {
  [start]: () => false,
  "after the first look": ({ reads }) => reads === 1,
  [afterRequest]: ({ mutating }) => mutating === 1,
  [polling]: ({ readsSinceRequest, reads }) => readsSinceRequest === 2 || reads === 6,
};

type Happening = Omit<Blow, "when" | "strike"> & {
  /** @returns false when there is nothing that it could happen to */
  happen(battle: Battle): undefined | boolean | Promise<unknown>;
  end?(battle: Battle): void | Promise<void>;
  /** Of `moments`; default all. */
  at?: string[];
};

const isRedis = ({ type }: ResourceCase) => type.startsWith("redis:");
const isRedisAtWork: Blow["fits"] = (resource, operation) =>
  isRedis(resource) && effectsOf(resource, operation) > 0;
const isTcf = ({ type }: ResourceCase) => type.startsWith("tcf:");
const each = (battle: Battle, change: "cut" | "mend") =>
  Promise.all(battle.relays.flat().map((relay) => relay[change]()));

const ended = ["completed", "failed", "aborted", "cancelled"];

/** Does something to the action that this is about, if it is running. */
function onAction(change: (action: RedisActionHandle) => void): Happening["happen"] {
  return ({ request, simulator }) => {
    const [, uid, name] = /(\d+)\/actions\/(\w+)/.exec(String(request.path)) ?? [];
    const action = (simulator as RedisSimulator).node(Number(uid)).action(String(name));
    if (action.status === undefined || ended.includes(action.status)) return false;
    change(action);
    return true;
  };
}

const hour = 3_600_000;
const mid = [afterRequest, polling];

/** What happens to an installation, other than a bad answer to one request. */
const happenings: Happening[] = [
  {
    name: "connection refused",
    needs: "relays",
    happen: (battle) => each(battle, "cut"),
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
    happen: ({ relays }) => Promise.all(relays.map(([first]) => first?.cut())),
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
    happen: ({ simulator }) => void simulator.expireTokens(),
  },
  {
    name: "leader change",
    needs: "leader",
    fits: isRedis,
    // The old leader is a replica then.
    fulfils: ({ type }) => type === "redis:ReplicaNode",
    happen({ simulator, request }) {
      const redis = simulator as RedisSimulator;
      const target = Number(/nodes\/(\d+)/.exec(String(request.path))?.[1] ?? 3);
      redis.changeLeader([1, 2, 3].find((uid) => uid !== redis.leader && uid !== target) as number);
      return true;
    },
  },
  {
    name: "unknown status word",
    fits: isRedisAtWork,
    at: mid,
    happen: onAction((action) => action.sayStatus("pondering")),
  },
  {
    name: "unknown status word",
    fits: isTcf,
    at: [start],
    happen: ({ rig }) =>
      void Object.assign((rig as unknown as { options: TcfOptions }).options, {
        switchMs: 150,
        switchWord: "pondering",
      }),
  },
  {
    name: "action vanished",
    loses: true,
    fits: isRedisAtWork,
    at: mid,
    happen: onAction((action) => action.vanish()),
  },
  {
    name: "action replaced by another task",
    fits: isRedisAtWork,
    at: mid,
    happen: onAction((action) => action.replaceTask("11111111-2222-3333-4444-555555555555")),
  },
  { name: "server's clock an hour ahead", happen: ({ simulator }) => void simulator.clock.advance(hour) },
  {
    name: "server's clock an hour back",
    happen: ({ simulator }) => void simulator.clock.advance(-hour),
    end: ({ simulator }) => simulator.clock.advance(hour),
  },
  {
    name: "cancelled (SIGINT)",
    at: Object.keys(moments).filter((moment) => moment !== start),
    happen: ({ session }) => void session.cancel?.(),
  },
];

/** A redirect to the other address of the same endpoint. */
function redirect(when: string, requests: number, match: (request: FaultMatch) => FaultMatch): Blow {
  return {
    name: "redirect to another endpoint",
    when,
    needs: "relays",
    requests,
    fits: ({ leavesMark }) => leavesMark || requests > 0,
    strike({ simulator, request, relays }) {
      const otherThan = (host: string) => {
        const pair = relays.find((some) => some.some((relay) => relay.host === host));
        return pair?.find((relay) => relay.host !== host)?.host;
      };
      const location = (pathAndQuery: string, host: string) => `http://${otherThan(host)}${pathAndQuery}`;
      const fault = simulator.fault({ kind: "redirect", location, match: match(request) });
      return {
        get struck() {
          return fault.hits > 0;
        },
        end: () => fault.remove(),
      };
    },
  };
}

/** A happening at each of its moments. */
function blowsOf({ happen, end, at = Object.keys(moments), fits, ...common }: Happening): Blow[] {
  return at.map((when) => ({
    ...common,
    when,
    requests: when === afterRequest ? 1 : 0,
    // Where the system shows no mark, nothing is ever read.
    fits: (resource, operation) =>
      (fits?.(resource, operation) ?? true) && (resource.leavesMark || [start, afterRequest].includes(when)),
    strike: (battle) => lieInWait(battle, when, happen, end),
  }));
}

function lieInWait(battle: Battle, when: string, happen: Happening["happen"], end: Happening["end"]): Strike {
  const progress: Progress = { reads: 0, mutating: 0, readsSinceRequest: 0 };
  let isDue = true;
  let struck = false;
  let happened: Promise<void> = Promise.resolve();
  const strike = () => {
    isDue = false;
    const hit = happen(battle);
    struck = hit !== false;
    happened = Promise.resolve(hit).then(() => {});
    // Said by end().
    happened.catch(() => {});
  };
  const unwatch = battle.simulator.watch((record) => {
    if (!isDue || record.token) return;
    if (record.mutating) progress.mutating++;
    else progress.reads++;
    if (!record.mutating && progress.mutating > 0) progress.readsSinceRequest++;
    if (moments[when]?.(progress)) strike();
  });
  if (when === start) strike();
  return {
    get struck() {
      return struck;
    },
    async end() {
      unwatch();
      isDue = false;
      await happened;
      if (struck) await end?.(battle);
    },
  };
}

export const events: Blow[] = [
  ...happenings.flatMap(blowsOf),
  redirect("in place of the request", 1, (request) => request),
  redirect("at the first look", 0, () => ({ method: "GET" })),
];
