import { setTimeout as pause } from "node:timers/promises";
import type { FaultMatch, RedisActionHandle, RedisSimulator, TcfOptions } from "../../simulators/index.ts";
import type { ResourceCase } from "../rules/resource-case.ts";
import { type Fault, type FaultHarness, type Injection, injectionOf } from "./fault.ts";
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

/** When an event takes place: right after the request for which this is true was answered. */
const moments: Record<string, (progress: Progress) => boolean> = {
  [start]: () => false,
  "after the first read": ({ reads }) => reads === 1,
  [afterRequest]: ({ mutating }) => mutating === 1,
  [polling]: ({ readsSinceRequest, reads }) => readsSinceRequest === 2 || reads === 6,
};

/** Something that changes the installation, other than a bad answer to one request. */
type InstallationEvent = Omit<Fault, "when" | "inject"> & {
  /** @returns false if there is nothing to apply it to */
  apply(harness: FaultHarness): undefined | boolean | Promise<unknown>;
  end?(harness: FaultHarness): void | Promise<void>;
  /** Which of `moments`; default all. */
  at?: string[];
};

const isRedis = ({ type }: ResourceCase) => type.startsWith("redis:");
const isRedisAtWork: Fault["fits"] = (resource, operation) =>
  isRedis(resource) && effectsOf(resource, operation) > 0;
const isTcf = ({ type }: ResourceCase) => type.startsWith("tcf:");
const each = (harness: FaultHarness, change: "cut" | "restore") =>
  Promise.all(harness.relays.flat().map((relay) => relay[change]()));

const ended = ["completed", "failed", "aborted", "cancelled"];

/** Changes the action that the scenario is about, if it is running. */
function onAction(change: (action: RedisActionHandle) => void): InstallationEvent["apply"] {
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

const events: InstallationEvent[] = [
  {
    name: "connection refused",
    needs: "relays",
    apply: (harness) => each(harness, "cut"),
    end: async (harness) => void (await each(harness, "restore")),
  },
  {
    name: "connection refused for a while",
    needs: "relays",
    async apply(harness) {
      await each(harness, "cut");
      await pause(300);
      await each(harness, "restore");
    },
  },
  {
    name: "one of two endpoints dead",
    needs: "relays",
    apply: ({ relays }) => Promise.all(relays.map(([first]) => first?.cut())),
  },
  { name: "restart, state kept", apply: ({ simulator }) => simulator.restart() },
  {
    name: "restart, state lost",
    losesWork: true,
    apply: ({ simulator }) => simulator.restart({ loseHistory: true }),
  },
  {
    name: "token expired",
    needs: "oauth2",
    apply: ({ simulator }) => void simulator.expireTokens(),
  },
  {
    name: "leader change",
    needs: "leader",
    fits: isRedis,
    // The old leader is a replica then.
    satisfies: ({ type }) => type === "redis:ReplicaNode",
    apply({ simulator, request }) {
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
    apply: onAction((action) => action.sayStatus("pondering")),
  },
  {
    name: "unknown status word",
    fits: isTcf,
    at: [start],
    apply: ({ rig }) =>
      void Object.assign((rig as unknown as { options: TcfOptions }).options, {
        switchMs: 150,
        switchWord: "pondering",
      }),
  },
  {
    name: "action vanished",
    losesWork: true,
    fits: isRedisAtWork,
    at: mid,
    apply: onAction((action) => action.vanish()),
  },
  {
    name: "action replaced by another task",
    fits: isRedisAtWork,
    at: mid,
    apply: onAction((action) => action.replaceTask("11111111-2222-3333-4444-555555555555")),
  },
  { name: "server's clock an hour ahead", apply: ({ simulator }) => void simulator.clock.advance(hour) },
  {
    name: "server's clock an hour back",
    apply: ({ simulator }) => void simulator.clock.advance(-hour),
    end: ({ simulator }) => simulator.clock.advance(hour),
  },
  {
    name: "cancelled (SIGINT)",
    at: Object.keys(moments).filter((moment) => moment !== start),
    apply: ({ session }) => void session.cancel?.(),
  },
];

/** A redirect to the other address of the same endpoint. */
function redirect(when: string, requests: number, match: (request: FaultMatch) => FaultMatch): Fault {
  return {
    name: "redirect to another endpoint",
    when,
    needs: "relays",
    requests,
    fits: ({ leavesMark }) => leavesMark || requests > 0,
    inject({ simulator, request, relays }) {
      const otherThan = (host: string) => {
        const pair = relays.find((some) => some.some((relay) => relay.host === host));
        return pair?.find((relay) => relay.host !== host)?.host;
      };
      const location = (pathAndQuery: string, host: string) => `http://${otherThan(host)}${pathAndQuery}`;
      return injectionOf(simulator.fault({ kind: "redirect", location, match: match(request) }));
    },
  };
}

/** An event at each of its moments. */
function faultsOf({ apply, end, at = Object.keys(moments), fits, ...common }: InstallationEvent): Fault[] {
  return at.map((when) => ({
    ...common,
    when,
    requests: when === afterRequest ? 1 : 0,
    // Where the system leaves no mark, nothing is ever read.
    fits: (resource, operation) =>
      (fits?.(resource, operation) ?? true) && (resource.leavesMark || [start, afterRequest].includes(when)),
    inject: (harness) => injectAt(when, harness, { apply, end }),
  }));
}

/** Watches the simulator's requests, and applies the event at its moment. */
function injectAt(
  when: string,
  harness: FaultHarness,
  { apply, end }: Pick<InstallationEvent, "apply" | "end">,
): Injection {
  const progress: Progress = { reads: 0, mutating: 0, readsSinceRequest: 0 };
  let isDue = true;
  let injected = false;
  let applied: Promise<void> = Promise.resolve();
  const inject = () => {
    isDue = false;
    const result = apply(harness);
    injected = result !== false;
    applied = Promise.resolve(result).then(() => {});
    // end() awaits it and reports its error.
    applied.catch(() => {});
  };
  const unwatch = harness.simulator.watch((record) => {
    if (!isDue || record.token) return;
    if (record.mutating) progress.mutating++;
    else progress.reads++;
    if (!record.mutating && progress.mutating > 0) progress.readsSinceRequest++;
    if (moments[when]?.(progress)) inject();
  });
  if (when === start) inject();
  return {
    get injected() {
      return injected;
    },
    async end() {
      unwatch();
      isDue = false;
      await applied;
      if (injected) await end?.(harness);
    },
  };
}

export const eventFaults: Fault[] = [
  ...events.flatMap(faultsOf),
  redirect("in place of the request", 1, (request) => request),
  redirect("at the first read", 0, () => ({ method: "GET" })),
];
