import { RunFailed } from "../../core/data/errors.ts";
import type { Scope } from "../../core/work/scope.ts";
import { hasEnded } from "../client.ts";
import { seekAction } from "./evidence.ts";
import { type ActionHandle, isOurs } from "./handle.ts";
import { join } from "./wait.ts";

/**
 * Waits for the end of an earlier run that another intent has taken the place of: one at a time is allowed, and its handle must not be
 * lost meanwhile. Should the time run out here, that handle is what is recorded, with its mark.
 */
export async function letEarlierFinish(scope: Scope, handle: ActionHandle): Promise<void> {
  if (handle.isOthers) return;
  const found = await seekAction(scope, handle.nodeUid, handle.action, true);
  const running = "landed" in found ? found.landed : undefined;
  if (!running || hasEnded(running) || !isOurs(running, handle)) return;
  await join(scope, running, { ...handle, isEarlier: true }).catch((error) => {
    if (!(error instanceof RunFailed)) throw error;
    scope.warn(`the earlier run ended badly: ${error.message.replace(/; the next.*$/, "")}`);
  });
  scope.forget();
}
