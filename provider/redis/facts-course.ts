import type { Absence } from "./nodes-away.ts";

/*
 * What may become of other nodes between approval and update without making another decision of it: an operation that was seen goes on, a
 * node comes back. A node that is away and was not, or in another way, is another decision.
 */

/** The other nodes, as a fact tells of them: `3, node 4 down`. */
interface OtherNodes {
  count: number;
  /** By node: how it is away. */
  away: ReadonlyMap<string, string>;
}

const [free, entering, entered, coming, leaving] = [
  "free",
  "entering maintenance",
  "in maintenance",
  "leaving maintenance",
  "being removed",
] as const satisfies readonly (Absence | "free")[];

/** Whether an operation that was seen has come to its end. */
export function hasEnded(was: string, is: string): boolean {
  return was === entering && is === entered;
}

export function othersIn(fact: string): OtherNodes {
  const [count = "", ...away] = fact.split(", ");
  const pairs = away.flatMap((text) => {
    const [, node, how] = /^(node \d+) (.+)$/.exec(text) ?? [];
    return node !== undefined && how !== undefined ? [[node, how] as const] : [];
  });
  return { count: Number(count), away: new Map(pairs) };
}

/** @param sent what requests of this process acted on */
export function isExplained(was: OtherNodes, is: OtherNodes, sent: readonly string[]): boolean {
  const isOurs = (node: string) => sent.some((on) => on.startsWith(`${node} `));
  const areSame = [...is.away].every(([node, how]) => {
    const before = was.away.get(node) ?? free;
    const isOnItsWayBack = how === coming && (before === entered || before === entering);
    return before === how || isOurs(node) || hasEnded(before, how) || isOnItsWayBack;
  });
  const removed = [...was.away].filter(
    ([node, how]) => how === leaving && !is.away.has(node) && !isOurs(node),
  );
  const ours = sent.filter(isRemoval);
  const gone = was.count - is.count;
  return areSame && gone >= 0 && gone <= removed.length + ours.length;
}

/** Whether what was acted on is a node's membership (`changedBy` of action/handle.ts). */
function isRemoval(on: string): boolean {
  return /^node \d+ (remove|decommission)$/.test(on);
}
