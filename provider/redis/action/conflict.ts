import { clock } from "../../core/data/clock.ts";
import { DecideAnew, messageOf, Refusal } from "../../core/data/errors.ts";
import type { Scope } from "../../core/work/scope.ts";
import { waitFor } from "../../core/work/wait.ts";
import { type ActionList, type ActionStatus, hasEnded } from "../client.ts";
import { actionsKey, lookAtActions } from "../shared-looks.ts";
import { describeStatus } from "./wait.ts";

/** Milliseconds in which what stands in the way has to show. What is not to be seen may have ended in that very moment. */
const showsWithin = 2_000;
/** How often a refusal without a cause to be seen is tried again. */
const mostWithoutCause = 3;

/**
 * "Only a single instance of any action type can be invoked at the same time" (409): whether on a node or in the cluster, the page does
 * not say. What runs is waited for, within the deadline; then the decision is made anew.
 *
 * @param seen what was running when the request was refused
 * @throws DecideAnew once something of it has ended
 * @throws Refusal where nothing is seen that runs, time and again
 */
export async function letOthersFinish(
  scope: Scope,
  { nodeUid, action }: { nodeUid: number; action: string },
  error: unknown,
  seen: readonly ActionStatus[] = [],
): Promise<never> {
  const what = `node ${nodeUid} ${action}`;
  const refusal = `${action} was refused (409): ${messageOf(error)}`;
  const began = clock.elapsed();
  let inTheWay = seen;
  const isKnown = await waitFor<ActionList | undefined, boolean>(scope, {
    what: `${what}, refused (409) while another action runs`,
    share: actionsKey(scope),
    task: () => inTheWay[0]?.taskId,
    look: (how) => lookAtActions(scope, how),
    judge(list) {
      const running = (list?.actions ?? []).filter((each) => !hasEnded(each));
      if (inTheWay.length === 0) inTheWay = running;
      if (inTheWay.length === 0)
        return clock.elapsed() - began < showsWithin
          ? { pending: "nothing that runs is told" }
          : { done: false };
      if (inTheWay.some((one) => !running.some((other) => isSame(one, other)))) return { done: true };
      return { pending: running.map((each) => `${nameOf(each)} ${describeStatus(each)}`).join(", ") };
    },
  });
  const withoutCause = scope.http.installation.note("409 without a cause", () => new Map<string, number>());
  const times = isKnown ? 0 : (withoutCause.get(what) ?? 0) + 1;
  withoutCause.set(what, times % mostWithoutCause);
  if (times === mostWithoutCause)
    throw new Refusal("nodeUid", `${refusal}; nothing that runs is told; nothing was started`);
  throw new DecideAnew(refusal, { cause: error, isDue: true });
}

/** All that runs now, on whatever node. */
export async function listRunning(scope: Scope): Promise<readonly ActionStatus[]> {
  const list = await lookAtActions(scope, { signal: scope.signal, onTrouble: scope.noteTrouble });
  return list?.actions.filter((each) => !hasEnded(each)) ?? [];
}

function isSame(one: ActionStatus, other: ActionStatus): boolean {
  return nameOf(one) === nameOf(other) && (one.taskId ?? other.taskId) === (other.taskId ?? one.taskId);
}

function nameOf({ nodeUid, name }: ActionStatus): string {
  return `node ${nodeUid} ${name}`;
}
