import type { Facts } from "../data/approval.ts";
import type { Scope } from "../work/scope.ts";

/** What was looked at, and how to read what has changed since. */
export interface Looked {
  /** Few, and only what another decision would follow from: not what changes by itself all the time. */
  facts: Facts;
  /** Whether another value of this fact is the doing of this very process. @param sent what its requests acted on (`Target.on`) */
  isOurs?(fact: string, sent: readonly string[]): boolean;
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
