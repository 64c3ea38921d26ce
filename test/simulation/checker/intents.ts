import { type EngineCall, type Exchange, nameOf } from "../history.ts";
import type { Played } from "../play.ts";
import { isBeyond, meaningOf, requestTimeoutOf } from "./requests.ts";

/** Runs of which each one counts. */
const counted = ["redis:NodeAction", "factfinder:DatabasePrune"];
/** Inputs that only say how. */
const manner = ["connection", "timeout", "onTimeout", "allowOtherNodesUnavailable"];

/** It is one, or its companion. */
function isAboutRuns({ type }: EngineCall): boolean {
  return counted.some((run) => type.startsWith(run));
}

export interface Intent {
  /** What asks for the same has the same; of one that nobody else asks for, its name. */
  object: string;
  exchanges: Exchange[];
}

/** The requests of each intent: of one resource, from one change of what it is to do to the next. */
export function intents(played: Played): Map<string, Intent> {
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
      const isKilled = call.outcome === "cut off" || !isWritten(played, call);
      if (isKilled && call.said.some(({ text }) => text.includes("may run once more"))) next();
    }
  }
  return all;
}

/** Whether the engine lived on to write what came of it. */
function isWritten({ history }: Played, { stack, step, endedAt = 0 }: EngineCall): boolean {
  return !history.operations.some(
    (it) => it.stack === stack && it.step === step && it.outcome === "killed" && (it.endedAt ?? 0) >= endedAt,
  );
}

function intentOf({ inputs }: EngineCall): string {
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
  // When it was sent is on record by another clock: to this one it may be long ago.
  if (isMistimed(played, exchange)) return true;
  // A follower that tells what was before, of itself and of its parts alike, cannot be seen through.
  const { history } = played;
  if (history.exchanges.some((it) => it.system === system && it.faults.includes("older snapshot")))
    return true;
  // Its sender was killed before it landed: nothing is on record of it, and whoever looks before it lands sees nothing.
  const { call: sender } = exchange;
  if (sender?.outcome === "cut off" && handled.some(({ at }) => at > (sender.endedAt ?? 0))) return true;
  return played.history.interventions.some((it) => it.system === system && it.at >= leftAt);
}

/** Its sender's clock was behind, or that of whoever came later was ahead. */
function isMistimed({ nemesis }: Played, { stack, call }: Exchange): boolean {
  const sentIn = call?.step ?? 0;
  return [...nemesis.struck].some(
    ({ what, ...at }) =>
      what.kind === "clock jump" &&
      at.stack === stack &&
      (what.ms < 0 ? at.step === sentIn : at.step > sentIn),
  );
}

/** The state was lost, set back, or not written when it should have been; or the companion was left out. */
function isForgetful({ story, nemesis }: Played, stack: string): boolean {
  const own = story.stacks.find(({ name }) => name === stack);
  const struck = [...nemesis.struck].filter((fault) => fault.stack === stack);
  return (
    struck.some(({ what }) => what.kind === "lose checkpoint") ||
    (own?.steps ?? []).some(
      ({ command, skipCheckpoints, targets, excludes, edits }) =>
        ["taint", "state delete", "restore an older state"].includes(command) ||
        skipCheckpoints ||
        targets ||
        excludes ||
        edits.some(({ edit }) => edit === "rename"),
    )
  );
}
