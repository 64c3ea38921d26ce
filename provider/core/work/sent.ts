import type { Scope } from "./scope.ts";

/** For a refusal: "nothing was sent" is said only where that is so. */
export function nothingSent({ requests }: Pick<Scope, "requests">): string {
  return requests.haveLeft ? "nothing more was sent" : "nothing was sent";
}
