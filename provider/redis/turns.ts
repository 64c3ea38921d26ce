import { withLock } from "../core/work/lock.ts";
import type { Scope } from "../core/work/scope.ts";

/**
 * What moves shards on one cluster takes turns, in this process: entering and leaving maintenance, and handing roles over. What one moves
 * another may take, and each sees what the one before has left.
 */
export function alone<T>(scope: Scope, work: () => Promise<T>): Promise<T> {
  return withLock(`${scope.http.connection.identity} shards`, scope.signal, work);
}

/** The nodes that somebody in this process has set out to take out of maintenance: what is seen of them may be over in a moment. */
const leaving = new Set<string>();

/** The same for work that takes a node out: whoever wants it in from now on waits for its turn. */
export function aloneToLeave<T>(scope: Scope, nodeUid: number, work: () => Promise<T>): Promise<T> {
  leaving.add(nameOf(scope, nodeUid));
  return alone(scope, work);
}

/** Whether somebody in this process has set out to take the node out. */
export function isLeaving(scope: Scope, nodeUid: number): boolean {
  return leaving.has(nameOf(scope, nodeUid));
}

function nameOf({ http }: Scope, nodeUid: number): string {
  return `${http.connection.identity} node ${nodeUid}`;
}
