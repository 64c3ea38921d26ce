import type { Played } from "../play.ts";
import { convergence } from "./convergence.ts";
import { knowledge } from "./knowledge.ts";
import { messages } from "./messages.ts";
import { once } from "./once.ts";
import { outcomes } from "./outcomes.ts";
import { safety } from "./safety.ts";
import { takenBack } from "./taken-back.ts";
import { turns } from "./turns.ts";

/** Something that must never be. */
export interface Violation {
  rule: string;
  what: string;
  /** In the world's milliseconds. */
  at: number;
}

export type Rule = (played: Played) => Violation[];

const rules: Record<string, (played: Played) => Omit<Violation, "rule">[]> = {
  ...convergence,
  ...knowledge,
  ...messages,
  ...once,
  ...outcomes,
  ...safety,
  ...takenBack,
  ...turns,
};

export const ruleNames: readonly string[] = Object.keys(rules);

/** Reads a history, and says what is wrong with it. */
export function check(played: Played): Violation[] {
  return Object.entries(rules).flatMap(([rule, find]) =>
    find(played).map((violation) => ({ rule, ...violation })),
  );
}
