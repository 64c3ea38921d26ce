import type { Judge, Scope } from "./scope.ts";

/** Asks all judges of the operation. What they refuse, the operation ends with, whatever its spec makes of the error (lifecycle/settle.ts). */
export async function judged(scope: Scope, request: Parameters<Judge>[1]): Promise<void> {
  try {
    for (const judge of scope.judges) await judge(scope, request);
    scope.requests.heldBack = undefined;
  } catch (error) {
    if (!scope.requests.haveLeft) scope.requests.heldBack = error;
    throw error;
  }
}
