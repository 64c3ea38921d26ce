import { type EngineCall, type Exchange, nameOf, type Properties } from "../history.ts";
import type { Played } from "../play.ts";
import type { RedisTruth } from "../systems/redis.ts";
import { effectAt, isBeyond, meaningOf } from "./requests.ts";

/** Whether somebody else, or the system itself, has changed what is there between two moments. @param but this call's own requests */
export function isDisturbed(
  { history }: Played,
  system: string,
  [from, to]: readonly [number, number],
  but: EngineCall,
): boolean {
  const isThen = (at: number) => at >= from && at <= to;
  return (
    history.interventions.some((it) => it.system === system && isThen(it.at)) ||
    history.exchanges.some((it) => {
      // A second one that the network has made is nobody's.
      const [first, ...more] = it.handled;
      const others = it.call === but ? more : [...(first ? [first] : []), ...more];
      return it.system === system && others.some(({ effect, at }) => effect && isThen(at));
    })
  );
}

export function requestTimeoutOf({ story }: Played, system: string): number {
  return story.systems.find((choice) => choice.system === system)?.requestTimeout ?? 0;
}

export const once = {
  /** DESIGN.md, rule 2: whatever becomes of an answer, one engine call sends what must not be repeated once. */
  "what must not be repeated is sent again only when it can have no effect": (played: Played) =>
    played.history.calls.flatMap((call) => {
      const sent = call.exchanges.filter(({ leftAt }) => leftAt !== undefined);
      return sent.flatMap((later, index) => {
        const meaning = meaningOf(later);
        if (meaning?.repeat !== "never") return [];
        const same = sent.slice(0, index).findLast((it) => meaningOf(it)?.object === meaning.object);
        if (!same || meaningOf(same)?.does !== meaning.does) return [];
        const at = effectAt(same);
        if (at === undefined || isBeyond(same, requestTimeoutOf(played, same.system))) return [];
        const leftAt = later.leftAt as number;
        if (isDisturbed(played, same.system, [same.leftAt as number, leftAt], call)) return [];
        // Put in more than once, a node has to be taken out as often.
        const depth = (later.truth as RedisTruth | undefined)?.depth?.[Number(call.inputs.nodeUid)] ?? 0;
        if (meaning.does === "maintenance_off" && depth > 0) return [];
        return [
          {
            at: leftAt,
            what: `${call.method} of ${nameOf(call.urn)} sends #${later.id} (${meaning.does} on ${meaning.object}), and #${same.id} has taken effect at ${at}`,
          },
        ];
      });
    }),

  /** One intent has one effect, over all operations, whoever was killed meanwhile. */
  "an intent has one effect": (played: Played) =>
    [...Map.groupBy(intents(played), ([, { object }]) => object).values()].flatMap((alike) => {
      // Two that ask for the same are as good as each other: who is killed counts what either of them has brought.
      const exchanges = alike.flatMap(([, intent]) => intent.exchanges);
      const effective = exchanges.filter(
        (it) => effectAt(it) !== undefined && !isBeyond(it, requestTimeoutOf(played, it.system)),
      );
      if (effective.length <= alike.length) return [];
      const intent = alike.map(([name]) => name).join("; ");
      const ids = effective.map(({ id }) => `#${id}`).join(", ");
      return [{ at: effectAt(effective[alike.length] as Exchange) as number, what: `${intent}: ${ids}` }];
    }),

  "an opposite call waits until the earlier one can no longer land": (played: Played) =>
    played.history.calls.flatMap((call) => {
      const known = sentBy(played, call.recorded);
      return call.exchanges.flatMap((later, index) => {
        const meaning = meaningOf(later);
        if (!meaning || later.leftAt === undefined) return [];
        const leftAt = later.leftAt;
        return [...known, ...call.exchanges.slice(0, index)].flatMap((earlier) => {
          const other = meaningOf(earlier);
          if (!other || other.object !== meaning.object || other.does === meaning.does) return [];
          const at = effectAt(earlier);
          if (at === undefined || at <= leftAt || isBeyond(earlier, requestTimeoutOf(played, earlier.system)))
            return [];
          // What somebody else did looks just like it.
          if (didAnother(played, earlier, leftAt)) return [];
          return [
            {
              at: leftAt,
              what: `${call.method} of ${nameOf(call.urn)} sends #${later.id} (${meaning.does}), and #${earlier.id} (${other.does}) takes effect at ${at}`,
            },
          ];
        });
      });
    }),

  "previews, checks, diffs and refreshes only read": ({ history }: Played) =>
    history.calls.flatMap(({ method, isPreview, exchanges, urn }) => {
      if (!isPreview && ["create", "update", "delete"].includes(method)) return [];
      return exchanges
        .filter(({ mutating, leftAt }) => mutating && leftAt !== undefined)
        .map(({ id, leftAt = 0 }) => ({ at: leftAt, what: `${method} of ${nameOf(urn)} sends #${id}` }));
    }),
};

/** Whether somebody else has changed the system between a request and a later moment: another stack, or by hand. */
function didAnother({ history }: Played, { system, stack, leftAt = 0 }: Exchange, until: number): boolean {
  const isThen = (at: number) => at >= leftAt && at <= until;
  return (
    history.interventions.some((it) => it.system === system && isThen(it.at)) ||
    history.exchanges.some(
      (it) =>
        it.system === system &&
        it.stack !== stack &&
        it.handled.some(({ effect, at }) => effect && isThen(at)),
    )
  );
}

/** What the call has sent whose outcome is what is recorded: its doubts are on record, too. */
function sentBy({ history }: Played, recorded: Properties | undefined): Exchange[] {
  if (!recorded) return [];
  const maker = history.calls.find(({ outputs }) => outputs === recorded);
  return maker?.exchanges ?? [];
}

/** Runs of which each one counts. */
const counted = ["redis:NodeAction", "factfinder:DatabasePrune"];
/** Inputs that only say how. */
const manner = ["connection", "timeout", "onTimeout", "allowOtherNodesUnavailable"];

/** It is one, or its companion. */
function isAboutRuns({ type }: EngineCall): boolean {
  return counted.some((run) => type.startsWith(run));
}

interface Intent {
  /** What asks for the same has the same; of one that nobody else asks for, its name. */
  object: string;
  exchanges: Exchange[];
}

/** The requests of each intent: of one resource, from one change of what it is to do to the next. */
function intents(played: Played): Map<string, Intent> {
  const { history, story } = played;
  const all = new Map<string, Intent>();
  for (const { name: stack } of story.stacks) {
    // Where nothing has told the provider what was before, only the sends of each call are counted.
    if (isForgetful(played, stack)) continue;
    const epochs = new Map<string, number>();
    for (const call of history.calls) {
      if (call.stack !== stack || !isAboutRuns(call)) continue;
      // The same through whichever door.
      const own = `${call.type}::${nameOf(call.urn)}`;
      // Without its companion's record nothing is known of a run that was killed.
      if (call.method === "delete" && call.type.endsWith("Intent")) {
        const run = own.replace("Intent::", "::").replace(/-intent$/, "");
        epochs.set(run, (epochs.get(run) ?? 0) + 1);
      }
      if (!counted.includes(call.type)) continue;
      const next = () => epochs.set(own, (epochs.get(own) ?? 0) + 1);
      if (call.method === "delete") next();
      if (call.method !== "create" && call.method !== "update") continue;
      const wanted = call.inputs.action ?? "prune";
      const sent = call.exchanges.filter((it) => meaningOf(it)?.does === wanted);
      const twins = story.stacks
        .find(({ name }) => name === stack)
        ?.program.filter(({ type, inputs }) => type === call.type && inputs.channel === call.inputs.channel);
      const isPrune = call.type === "factfinder:DatabasePrune" && (twins?.length ?? 0) > 1;
      const note = (more: Exchange[]) => {
        const epoch = `${nameOf(call.urn)} in ${stack}, ${intentOf(call)}, ${epochs.get(own) ?? 0}`;
        const object = isPrune ? `${stack} prunes ${call.inputs.channel}` : epoch;
        all.set(epoch, { object, exchanges: [...(all.get(epoch)?.exchanges ?? []), ...more] });
      };
      note([]);
      // What comes after a lawless one, in the same call or in a later one, is another intent.
      for (const exchange of sent) {
        note([exchange]);
        if (isLawless(played, exchange)) next();
      }
      // What has ended badly is run again, and what nobody can vouch for is left to the user.
      const memory = call.outputs?.__memory as { handle?: { failed?: unknown } } | undefined;
      if (memory?.handle?.failed !== undefined) next();
      // Its record was used up by an attempt that had nothing done, and it has said what a kill now costs.
      if (call.outcome === "cut off" && call.said.some(({ text }) => text.includes("may run once more")))
        next();
    }
  }
  return all;
}

export function intentOf({ inputs }: EngineCall): string {
  const what = Object.entries(inputs).filter(
    ([key]) => key !== "before" && !key.startsWith("__") && !manner.includes(key),
  );
  return JSON.stringify(Object.fromEntries(what.sort(([a], [b]) => (a < b ? -1 : 1))));
}

/** A request after which the system, or somebody else, has broken what evidence rests on. */
function isLawless(played: Played, exchange: Exchange): boolean {
  const { system, leftAt, handled } = exchange;
  if (leftAt === undefined) return false;
  if (isBeyond(exchange, requestTimeoutOf(played, system))) return true;
  // When it was sent is on record by a clock that was behind: to any other it is long ago.
  if (wasBehind(played, exchange)) return true;
  // A follower that tells what was before, of itself and of its parts alike, cannot be seen through.
  const { history } = played;
  if (history.exchanges.some((it) => it.system === system && it.faults.includes("older snapshot")))
    return true;
  // Its sender was killed before it landed: nothing is on record of it, and whoever looks before it lands sees nothing.
  const { call: sender } = exchange;
  if (sender?.outcome === "cut off" && handled.some(({ at }) => at > (sender.endedAt ?? 0))) return true;
  return played.history.interventions.some((it) => it.system === system && it.at >= leftAt);
}

/** The state was lost, set back, or not written when it should have been; or the companion was left out. */
function wasBehind({ nemesis }: Played, { stack, call }: Exchange): boolean {
  return [...nemesis.struck].some(
    ({ what, ...at }) =>
      what.kind === "clock jump" && what.ms < 0 && at.stack === stack && at.step === call?.step,
  );
}

function isForgetful({ story, nemesis }: Played, stack: string): boolean {
  const own = story.stacks.find(({ name }) => name === stack);
  const struck = [...nemesis.struck].filter((fault) => fault.stack === stack);
  return (
    struck.some(({ what }) => what.kind === "lose checkpoint") ||
    (own?.steps ?? []).some(
      ({ command, skipCheckpoints, targets, excludes, edits }) =>
        ["taint", "state delete", "restore an older state", "upgrade the package"].includes(command) ||
        skipCheckpoints ||
        targets ||
        excludes ||
        edits.some(({ edit }) => edit === "rename"),
    )
  );
}
