import type { Facts } from "../data/approval.ts";
import type { Scope } from "../work/scope.ts";

/** What a fact was, and is. */
export interface Change {
  was: string;
  is: string;
}

/** What was looked at, and how to read what has changed since. */
export interface Looked {
  /** Few, and only what another decision would follow from: not what changes by itself all the time. */
  facts: Facts;
  /**
   * Whether another value of this fact is no change that matters: the doing of this very process, or the course of what was seen.
   *
   * @param sent what requests of this process acted on (`Target.on`)
   */
  explains?(fact: string, change: Change, sent: readonly string[]): boolean;
  /** There is no active cluster: whatever was approved, that is put right. */
  isHealed?: boolean;
}

/**
 * Looks at what matters for the decision. Reads only.
 *
 * @param how `isAhead`: for a preview, which may share what others of its resources have read
 */
export type Look<I> = (
  scope: Scope,
  inputs: I,
  recorded: Partial<I> | undefined,
  how: { isAhead: boolean },
) => Promise<Looked>;
