import { messageOf } from "../core/errors.ts";
import { path } from "../core/path.ts";

/** Beyond this many ids a list is cut: it stands in ids, plans and errors. */
const most = 20;

/** `A, B, C`, or the first of many and how many more. */
export function enumerate(ids: readonly string[]): string {
  const shown = ids.slice(0, most).join(", ");
  return ids.length > most ? `${shown} and ${ids.length - most} more` : shown;
}

/** Why an id cannot be sent, if so. */
export function idFailure(id: string): string | undefined {
  if (id.trim() === "") return "is empty";
  try {
    path`/${id}`;
    return undefined;
  } catch (error) {
    return messageOf(error);
  }
}
