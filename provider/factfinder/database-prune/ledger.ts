import type { Way } from "../../core/work/installation.ts";

/** Prunes of a channel that counted as done in this process, by the databaseVersions before and after. */
export type Ledger = { from: number; to: number }[];

/**
 * Two prunes of one channel in one program: both companions look before either prunes, so what the first one raises is no proof of
 * the second.
 */
export function ledgerOf({ installation }: Way, channel: string): Ledger {
  return installation.note(`prunes of channel ${channel}`, () => []);
}

/** By how much the databaseVersion has risen beyond what is accounted for. */
export function unexplained(ledger: Ledger, from: number, to: number): number {
  const explained = ledger.map((prune) => Math.min(prune.to, to) - Math.max(prune.from, from));
  return explained.filter((rise) => rise > 0).reduce((left, rise) => left - rise, to - from);
}
