import { clock } from "../../core/data/clock.ts";
import type { CallOptions } from "../../core/http/http.ts";
import type { Scope } from "../../core/work/scope.ts";
import { getStatus } from "../client.ts";
import { describe, type Federation, type Member } from "../federation.ts";
import { closely, lookAtBoth, lookAtOne, ownWord } from "../look.ts";
import { awaitStable, confirmation, type StableLook } from "../stability.ts";
import { pairOf } from "./steps.ts";

/**
 * The federation once the switch has stood. Each side's own word counts, two reads a look; where a side says nothing, what the
 * living side lists of it.
 */
export async function stable(
  scope: Scope,
  active: string,
  reached: Federation,
  time: number,
): Promise<Federation> {
  const sides = [reached[0].side, reached[1].side] as const;
  const { target, other } = pairOf(reached, active);
  let silent: Member | undefined;
  await awaitStable<true>(scope, {
    done: `the switch to ${target.name}`,
    where: sides.map(({ http }) => http.connection.endpoints[0]).join(", "),
    time,
    async look(options) {
      const once: CallOptions = { ...options, patience: "once" };
      if (silent?.trouble) {
        const seen = await lookBesideSilence(target, other, once);
        if (seen) return { stands: true, seen };
      }
      const words = await Promise.all(sides.map(({ http }) => wordOf(http, once)));
      const isTarget = (index: number) => reached[index] === target;
      if (words.every((word, index) => word === (isTarget(index) ? "active" : "passive"))) {
        silent = undefined;
        return { stands: true, seen: describe(reached) };
      }
      if (words.every((word) => word === "active" || word === "passive"))
        await clock.pause(confirmation, once.signal);
      const known = { before: reached, recorded: reached.recorded };
      const seen = await lookAtBoth(sides, once, known, closely);
      silent = pairOf(seen, active).other;
      return judge(seen, active);
    },
  });
  if (silent?.trouble && !other.trouble)
    scope.warn(`${other.name} has become silent, so it is not proven that it is not active as well`);
  return reached;
}

/**
 * While the other side says nothing: two reads a look, the list of the living side and a try at the silent one.
 *
 * @returns what was seen where the switch stands; undefined: only a closer look can tell
 */
async function lookBesideSilence(
  target: Member,
  other: Member,
  options: CallOptions,
): Promise<string | undefined> {
  const [{ list }, word] = await Promise.all([
    lookAtOne(target.side, options),
    getStatus(other.side.http, options).catch(() => undefined),
  ]);
  options.signal.throwIfAborted();
  const statusOf = ({ name }: Member) => list?.find((entry) => entry.name === name)?.status;
  if (word !== undefined || statusOf(target) !== "active") return undefined;
  return `${target.name} active, ${other.name} ${statusOf(other)} (cannot be read)`;
}

async function wordOf(http: Member["side"]["http"], options: CallOptions): Promise<string | undefined> {
  try {
    return await ownWord(http, options);
  } catch {
    options.signal.throwIfAborted();
    return undefined;
  }
}

function judge(seen: Federation, active: string): StableLook<true> {
  const { target, other } = pairOf(seen, active);
  const text = describe(seen);
  const [mine, its] = [target, other].map(({ own, listed }) => own ?? listed[0]);
  // With force the other side may be silent, and what is listed of it old.
  if (mine === "active" && (other.trouble || its === "passive"))
    return target.trouble ? { unclear: text } : { stands: true, seen: text };
  if (mine === "active" && its === "active")
    return { undone: text, how: "no longer alone: both clusters are active" };
  return mine === "passive" && (its === "active" || its === "passive" || other.trouble)
    ? { undone: text }
    : { unclear: text };
}
