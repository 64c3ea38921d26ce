import { doorOf } from "../engine/state.ts";
import { type EngineCall, nameOf, type Properties } from "../history.ts";
import type { Played } from "../play.ts";
import type { FactFinderTruth } from "../systems/factfinder.ts";
import type { RedisTruth } from "../systems/redis.ts";
import type { TcfTruth } from "../systems/tcf.ts";
import { done } from "./done.ts";
import { isDisturbed, isTellable, sentBy } from "./once.ts";
import { effectAt, isBeyond, isTooLate, requestTimeoutOf } from "./requests.ts";

/** What a resource's outputs say, and what is so. */
const shown: Record<string, (outputs: Properties, truth: unknown) => [said: unknown, is: unknown]> = {
  "redis:NodeMaintenance": ({ inMaintenance, nodeUid }, truth) => [
    inMaintenance,
    ((truth as RedisTruth).depth[nodeUid as number] ?? 0) > 0,
  ],
  "redis:ReplicaNode": ({ masterShardCount, nodeUid }, truth) => [
    masterShardCount,
    (truth as RedisTruth).masters[nodeUid as number],
  ],
  "tcf:ActiveCluster": ({ activeName }, truth) => [
    activeName,
    Object.entries(truth as TcfTruth).find(([, status]) => status === "active")?.[0],
  ],
  "tcf:ClusterRole": ({ status, connection }, truth) => [
    status,
    (truth as TcfTruth)[connection === "east" ? "cluster1" : "cluster2"],
  ],
  "factfinder:DatabaseSync": ({ databaseVersion, channel }, truth) => [
    databaseVersion,
    Number((truth as FactFinderTruth)[channel as string]?.director?.split(".")[0]),
  ],
};

export const outcomes = {
  "outputs are what the system says": ({ stacks, quietAt, history }: Played) =>
    stacks.flatMap(({ name: stack, settled, truths, last }) => {
      if (last?.outcome !== "ok") return [];
      return settled.flatMap(({ name, type, outputs }) => {
        const [said, is] = shown[type]?.(outputs, truths[type.split(":")[0] as string]) ?? [];
        if (said === is || wasChangedSince(history, type, outputs)) return [];
        return [{ at: quietAt, what: `${name} of ${stack} says ${String(said)}, and it is ${String(is)}` }];
      });
    }),

  "what is said to be done is done": (played: Played) =>
    played.history.calls.flatMap((call) => {
      const { method, type, outcome, startedAt, endedAt = 0 } = call;
      if (outcome !== "ok" || (method !== "create" && method !== "update")) return [];
      // A run that has run long ago, and only got another timeout.
      if (call.exchanges.length === 0 && runs.test(type) && !wasUnfinished(call)) return [];
      const wrong = done[type]?.(call);
      // It says nothing of what is so: what the plugin has recorded gets the names of the other door.
      if (isTakenOver(call)) return [];
      const system = type.split(":")[0] as string;
      if (wrong === undefined || isDisturbed(played, system, [startedAt, endedAt], call)) return [];
      if (sawOlder(played, call)) return [];
      return [{ at: endedAt, what: `${method} of ${nameOf(call.urn)} is done, and ${wrong}` }];
    }),

  /** Whoever knows of an earlier call that may yet undo it is not done before that. */
  "what is said to be done is not undone by an earlier call of ours": (played: Played) =>
    played.history.calls.flatMap((call) => {
      const { method, type, outcome, endedAt = 0, urn } = call;
      if (outcome !== "ok" || (method !== "create" && method !== "update")) return [];
      const judge = done[type];
      if (!judge || isTakenOver(call) || call.exchanges.length === 0 || judge(call) !== undefined) return [];
      return [...sentBy(played, call.recorded), ...call.exchanges].flatMap((earlier) => {
        const landed = earlier.handled.find(({ effect, at }) => effect && at > endedAt);
        if (!landed || isBeyond(earlier, requestTimeoutOf(played, earlier.system))) return [];
        if (!isTellable(played, earlier, call, endedAt)) return [];
        if (judge({ ...call, truth: landed.before }) !== undefined) return [];
        const undone = judge({ ...call, truth: landed.after });
        if (undone === undefined) return [];
        return [
          {
            at: landed.at,
            what: `${method} of ${nameOf(urn)} was done, then #${earlier.id} lands: ${undone}`,
          },
        ];
      });
    }),

  "a run that is done has run": (played: Played) =>
    played.history.calls.flatMap((call) => {
      const { method, type, outcome, recorded, endedAt = 0, said } = call;
      const isRun = /aspire|DatabasePrune$|NodeAction$|ConfigVersionReset/.test(type);
      if (!isRun || outcome !== "ok" || method !== "create") return [];
      const ours = played.history.calls.filter((it) => it.type === type && it.stack === call.stack);
      const hasRun = ours.some(({ exchanges }) => exchanges.some((it) => effectAt(it) !== undefined));
      // Somebody else's may be joined, or counted: that is said.
      if (hasRun || recorded || said.some(({ severity }) => severity !== "progress")) return [];
      if (played.history.interventions.length > 0 || played.stacks.length > 1) return [];
      // Where nothing can be read, whoever answers in the system's place is believed.
      if (call.exchanges.some(({ faults }) => faults.includes("hollow 200")) && /^aspire|Reset/.test(type))
        return [];
      return [{ at: endedAt, what: `create of ${nameOf(call.urn)} is done, and nothing has happened` }];
    }),

  "what was set going is on record": (played: Played) =>
    played.history.calls.flatMap((call) => {
      const { method, type, outcome, exchanges, endedAt = 0, urn, inputs, truth } = call;
      if (outcome !== "failed" || (method !== "create" && method !== "update")) return [];
      // Of a call that leaves nothing to be read there is nothing to resume either: the next operation sends it again.
      if (/^aspire|ConfigVersionReset/.test(type)) return [];
      const lost = exchanges.find((it) => {
        const at = effectAt(it);
        // A second copy that lands in time is no excuse: what was sent has to be on record whatever has answered the first.
        return at !== undefined && at <= endedAt && !isTooLate(it, requestTimeoutOf(played, it.system));
      });
      if (!lost) return [];
      // With its node all is gone that there was to resume.
      if (lost.system === "redis" && !(truth as RedisTruth).nodes.includes(inputs.nodeUid as number))
        return [];
      return [
        {
          at: endedAt,
          what: `${method} of ${nameOf(urn)} fails, records nothing, and #${lost.id} has taken effect: ${call.error}`,
        },
      ];
    }),
};

const runs = /NodeAction$|MaintenanceStep$|NodeSync$|DatabasePrune$/;

/** Whether what was recorded, by this version or by 0.1.0, is work to be resumed. */
function wasUnfinished({ recorded = {} }: EngineCall): boolean {
  const { handle = recorded.__unfinished } = (recorded.__memory ?? {}) as { handle?: unknown };
  return typeof handle === "object" && handle !== null && !("failed" in handle);
}

function isTakenOver({ method, urn, recorded, exchanges }: EngineCall): boolean {
  const isFromPlugin = doorOf(urn) === "dynamic" && recorded !== undefined && !("__provider" in recorded);
  return method === "update" && isFromPlugin && exchanges.length === 0;
}

/** Another resource of the program has changed something there since: maintenance of one node makes another one's shards masters. */
function wasChangedSince(
  { calls, exchanges }: Played["history"],
  type: string,
  outputs: Properties,
): boolean {
  const maker = calls.findLast((call) => call.outputs === outputs);
  return exchanges.some(
    ({ system, call, handled }) =>
      maker !== undefined &&
      type.startsWith(`${system}:`) &&
      call !== maker &&
      handled.some(({ effect, at }) => effect && at >= maker.startedAt),
  );
}

/** A system that tells what was before the last change, of itself and of its parts alike, cannot be seen through. */
export function sawOlder(
  { history }: Played,
  { type, process, startedAt, endedAt = 0 }: EngineCall,
  until = endedAt,
): boolean {
  return history.exchanges.some(
    (it) =>
      it.process === process &&
      type.startsWith(`${it.system}:`) &&
      it.faults.includes("older snapshot") &&
      it.startedAt >= startedAt &&
      (it.answeredAt ?? 0) <= until,
  );
}
