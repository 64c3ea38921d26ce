import type { Played, PlayedStack } from "../play.ts";
import { isTrueRefusal } from "./refusals.ts";

export const convergence = {
  /** Programs change no input that means another object; a taint asks for it. */
  "nothing is replaced that nobody wants replaced": ({ history, story }: Played) =>
    history.operations.flatMap(({ stack, changes, endedAt = 0 }) => {
      const own = story.stacks.find(({ name }) => name === stack);
      if (own?.steps.some(({ command }) => command === "taint")) return [];
      const replaced = changes.filter((change) => change.startsWith("replace "));
      return replaced.map((what) => ({ at: endedAt, what: `${stack}: ${what}` }));
    }),

  "everything comes to an end once all is quiet": (played: Played) =>
    played.stacks.flatMap((stack) => {
      const { name, last } = stack;
      if (last?.outcome === "ok") return [];
      const wrong = last?.errors.filter((error) => !isTrueRefusal(error, stack, played)) ?? ["no up at all"];
      if (wrong.length === 0) return [];
      return [{ at: last?.endedAt ?? 0, what: `${name}: ${wrong.join(" | ")}` }];
    }),

  "a second up is silent": (played: Played) =>
    played.stacks.flatMap((stack) => {
      const { name, last, second } = stack;
      if (last?.outcome !== "ok" || !second) return [];
      const sent = mutationsOf(played, stack);
      if (second.outcome === "ok" && second.changes.length === 0 && sent.length === 0) return [];
      const what = [...second.errors, ...second.changes, ...sent].join(" | ");
      return [{ at: second.endedAt ?? 0, what: `${name}: ${what}` }];
    }),
};

function mutationsOf({ history }: Played, { name, second }: PlayedStack): string[] {
  return history.exchanges
    .filter(
      ({ stack, mutating, leftAt }) =>
        stack === name && mutating && (leftAt ?? 0) >= (second?.startedAt ?? 0),
    )
    .map(({ id }) => `#${id}`);
}
