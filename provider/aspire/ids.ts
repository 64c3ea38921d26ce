import type { Failure } from "../core/data/inputs.ts";
import { pathFailure } from "../core/http/path.ts";

/** Beyond this many ids a list is cut: it stands in ids, plans and errors. */
const most = 20;

/** `A, B, C`, or the first of many and how many more. */
export function enumerate(ids: readonly string[]): string {
  const shown = ids.slice(0, most).join(", ");
  return ids.length > most ? `${shown} and ${ids.length - most} more` : shown;
}

/** An id as messages name it. */
export function quote(id: string): string {
  return JSON.stringify(id.length > 100 ? `${id.slice(0, 97)}...` : id);
}

/** Why a call whose page has no other form than the path cannot carry an id, if so. */
export function refusedInPath(property: string, id: string, call: string): Failure[] {
  const reason = pathFailure(id);
  if (!reason) return [];
  return [
    {
      property,
      reason: `${quote(id)} ${reason}, and ${call} has no form with the id in the body: it cannot be sent`,
    },
  ];
}
