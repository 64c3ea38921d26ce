import { type EngineCall, type Exchange, nameOf, type Properties } from "../history.ts";
import type { Played } from "../play.ts";
import type { RedisTruth } from "../systems/redis.ts";
import { intents } from "./intents.ts";
import { effectAt, isBeyond, type Meaning, meaningOf, requestTimeoutOf } from "./requests.ts";

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
          if (!other || other.object !== meaning.object) return [];
          if (!areOpposite(other, meaning)) return [];
          const at = effectAt(earlier);
          if (at === undefined || at <= leftAt || isBeyond(earlier, requestTimeoutOf(played, earlier.system)))
            return [];
          if (!isTellable(played, earlier, call, leftAt)) return [];
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

/** A second one of the same kind does harm, too, where each one counts. What is cancelled may go on to be undone. */
function areOpposite(earlier: Meaning, later: Meaning): boolean {
  if (earlier.does === later.does) return later.repeat === "never";
  return !earlier.does.startsWith("cancel ") || earlier.does === `cancel ${later.does}`;
}

/** Whether anybody could know by then that it might yet land: what somebody else did looks just like it, and a clock may have been wrong. */
export function isTellable(played: Played, earlier: Exchange, call: EngineCall, until: number): boolean {
  const isMistimed = [...played.nemesis.struck].some(({ what, stack, step }) => {
    const [from, to] = [earlier.call?.step ?? 0, call.step];
    return what.kind === "clock jump" && stack === call.stack && step >= from && step <= to && from < to;
  });
  return !isMistimed && !didAnother(played, earlier, until);
}

/** Whether somebody else has changed the system between the look that a request rests on and a later moment: another stack, or by hand. */
function didAnother({ history }: Played, request: Exchange, until: number): boolean {
  const { system, stack, process, leftAt = 0 } = request;
  const looks = history.exchanges.filter(
    (it) =>
      it.process === process && it.system === system && !it.mutating && (it.answeredAt ?? until) <= leftAt,
  );
  const from = Math.max(...looks.map(({ startedAt }) => startedAt).slice(-4), 0) || leftAt;
  const isThen = (at: number) => at >= from && at <= until;
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
export function sentBy({ history }: Played, recorded: Properties | undefined): Exchange[] {
  if (!recorded) return [];
  const maker = history.calls.find(({ outputs }) => outputs === recorded);
  return maker?.exchanges ?? [];
}
