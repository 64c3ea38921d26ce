import {
  ClusteropsError,
  DecideAnew,
  RedirectError,
  RequestError,
  StatusError,
} from "../../core/data/errors.ts";
import type { CallOptions } from "../../core/http/call.ts";
import { deciding } from "../../core/work/deciding.ts";
import type { Evidence } from "../../core/work/evidence.ts";
import type { Way } from "../../core/work/installation.ts";
import { once } from "../../core/work/once.ts";
import type { Scope } from "../../core/work/scope.ts";
import { expectLate, type Target } from "../../core/work/target.ts";
import { isFailureInAnswer } from "../answers.ts";
import { effects, pruneDatabase } from "../client.ts";
import { databaseOf } from "../sending.ts";
import { labelOf } from "../system.ts";
import { cannotBeTold, conclude, isPast, outputs, type PruneHandle } from "./conclusion.ts";
import { combined, judgeRise, type PruneAnswer, type PruneMark, readElsewhere } from "./evidence.ts";
import type { DatabasePruneInputs, DatabasePruneOutputs } from "./inputs.ts";
import { type Explained, lookBack, readMark, waitForRise } from "./state.ts";

/** What came before this operation. */
export interface Earlier {
  /** What is compared with: of an unfinished attempt at the same prune, or what a companion has recorded (`isPresumed`). */
  own?: PruneHandle;
  isPresumed?: boolean;
  /** Of an unfinished attempt at another prune of the channel, which may yet land. */
  other?: PruneHandle;
}

/** What the core has to know of a prune: see `Request` of core/work/once.ts. */
export function targetOf(way: Way, channel: string): Target {
  return { ways: [way], on: databaseOf(channel), does: "prune" };
}

/**
 * Not idempotent: every request that lands raises the version and makes all workers reload. So one is sent again only where the core
 * lets it, and on a fresh look, which ends it where the version has risen by then.
 */
export function prune(
  scope: Scope,
  inputs: DatabasePruneInputs,
  { own, isPresumed = false, other }: Earlier,
): Promise<DatabasePruneOutputs> {
  const { channel, ifDatabaseVersion } = inputs;
  let mark = own;
  /** Of this operation's requests, and of the earlier attempt that it resumes. */
  let answer: PruneAnswer = own && !isPresumed ? (own.answer ?? "lost") : "unsent";
  let isOwn = false;
  return deciding(scope, async (decision) => {
    const present = await readMark(decision, channel, mark);
    if (mark && present.databaseVersion > mark.databaseVersion) {
      const presumed = isPresumed && !isOwn;
      const before = presumed ? mark : { ...mark, answer };
      // Whose the rise is may be left open: then the next run must compare with the same.
      scope.keep(before);
      const landed = await conclude(decision, inputs, before, present, { isPresumed: presumed });
      if (landed) {
        decision.http.installation.late.landed(targetOf(decision.http, channel));
        return landed;
      }
      scope.forget();
    }
    if (mark && !isOwn && (isPresumed || mayHaveLanded(answer)))
      refuseElsewhere(decision, inputs, mark, present);
    if (other) settleOther(decision, channel, other, present);
    if (isPast(present, ifDatabaseVersion)) return outputs(present.databaseVersion, present);
    const now = markOf(present);
    return request(decision, inputs, now, {
      // While it is held back, what an earlier attempt has sent may still land.
      begin() {
        [mark, isOwn] = [now, true];
      },
      tell(told) {
        answer = combined(answer, told);
        return answer;
      },
    });
  });
}

/**
 * A version that has not risen at another endpoint says nothing of a prune that was sent, or may have been.
 *
 * @throws ClusteropsError then, and keeps what is to be compared with
 */
function refuseElsewhere(
  scope: Scope,
  { ifDatabaseVersion }: DatabasePruneInputs,
  mark: PruneHandle,
  present: Explained,
): void {
  const elsewhere = readElsewhere(mark, present);
  if (elsewhere === undefined || isPast(present, ifDatabaseVersion)) return;
  scope.keep(mark);
  throw new ClusteropsError(
    cannotBeTold(`the databaseVersion ${mark.databaseVersion} is from before, and ${elsewhere}`, mark),
  );
}

/** The request of another prune, once it is seen to have landed, holds this one back no longer. */
function settleOther(scope: Scope, channel: string, other: PruneHandle, present: Explained): void {
  if ("landed" in judgeRise(other, present, other.answer ?? "lost"))
    scope.http.installation.late.landed(targetOf(scope.http, channel));
}

async function request(
  scope: Scope,
  inputs: DatabasePruneInputs,
  mark: PruneMark,
  { begin, tell }: { begin(): void; tell(answer: PruneAnswer): PruneAnswer },
): Promise<DatabasePruneOutputs> {
  const { http } = scope;
  const { channel } = inputs;
  const what = `prune of channel ${channel}`;
  const target = targetOf(http, channel);

  async function readBack(doubt: unknown, options: CallOptions): Promise<Evidence<DatabasePruneOutputs>> {
    const answer = tell(answerOf(doubt));
    const state = await lookBack(http, channel, mark, options);
    if (!state) return { open: `${labelOf(http)} does not tell its databaseVersion` };
    if (mark.from !== state.from) return { open: `${state.from} has answered, and not ${mark.from}` };
    const landed = await conclude(scope, inputs, { ...mark, answer }, state);
    if (landed) return { landed };
    // The director's own word that it has failed: nothing is still to come.
    if (isFailureInAnswer(doubt)) throw doubt;
    return { absent: true };
  }

  const sent = await once<DatabasePruneOutputs | { isDirect: boolean }>(scope, {
    what,
    target,
    ...effects.prune,
    keeps: { handle: mark },
    send(permit) {
      begin();
      return pruneDatabase(http, channel, permit, scope);
    },
    readBack,
  }).catch((error) => {
    tell(answerOf(error));
    throw error;
  });
  if ("databaseVersion" in sent) return sent;
  // A 200 is not success: it is waited for as long as there is time.
  const answer = tell(sent.isDirect ? "success" : "lost");
  scope.keep({ ...mark, answer });
  const late = expectLate(scope, { target, ...effects.prune });
  const risen = await waitForRise(scope, channel, mark);
  late.settle();
  return (await conclude(scope, inputs, { ...mark, answer }, risen)) as DatabasePruneOutputs;
}

function answerOf(error: unknown): PruneAnswer {
  if (isFailureInAnswer(error)) return "failure";
  if (error instanceof DecideAnew) return error.cause === undefined ? "unsent" : answerOf(error.cause);
  if (!(error instanceof RequestError)) return "unsent";
  if (error.effect !== "no") return "lost";
  return error instanceof StatusError || error instanceof RedirectError ? "refused" : "unsent";
}

function mayHaveLanded(answer: PruneAnswer): boolean {
  return answer === "success" || answer === "failure" || answer === "lost";
}

function markOf({ databaseVersion, imports, from, at }: Explained): PruneMark {
  return { databaseVersion, imports, at, ...(from !== undefined && { from }) };
}
