import { clock } from "../core/data/clock.ts";
import { DecideAnew, RequestError, StatusError } from "../core/data/errors.ts";
import type { Permit } from "../core/http/permit.ts";
import type { Way } from "../core/work/installation.ts";
import { once } from "../core/work/once.ts";
import type { Scope } from "../core/work/scope.ts";
import { isFailureInAnswer } from "./answers.ts";
import { effects } from "./client.ts";
import { type ChannelStatus, describe, type NodeProgress } from "./node-progress.ts";
import { allDatabases } from "./sending.ts";
import { labelOf } from "./system.ts";

/** A request that makes a node catch up, and that the node may be working on for a long time. */
export interface LongRequest<T> {
  /** E.g. `sync/full`. */
  what: string;
  node: Way;
  send(permit: Permit): Promise<T>;
  /** How long (milliseconds) a node may be at it without an answer; without end by default: a reload takes what it takes. */
  patience?: number;
  /** Records it, before it is sent. @returns takes that back: it was refused, or has come to nothing */
  keep?(): () => void;
}

/** A connection that breaks later than this broke under a request that was being worked on. */
const quick = 2_000;
/** How long the effect of a request may take to show before the request counts as lost. */
const visible = 4_000;

/**
 * Sends it so that a node never works on it twice. Where the answer is in doubt the node's state decides; while the node may
 * still be at it (no answer in time, or the connection broke in the middle of a reload) nothing is sent again.
 *
 * @throws DecideAnew where it may be sent again
 */
export async function requestSync<T>(
  scope: Scope,
  progress: NodeProgress,
  { what, node, send, patience = Number.POSITIVE_INFINITY, keep }: LongRequest<T>,
): Promise<{ answer: T } | { reached: ChannelStatus[] }> {
  let began = 0;
  let failedAt = 0;
  let isAtWork = false;
  let isInDoubt = false;
  const takeBack = keep?.();
  try {
    return await once<{ answer: T } | { reached: ChannelStatus[] }>(scope, {
      what: `${what} of ${labelOf(node)}`,
      target: { ways: [node], on: allDatabases, does: "sync" },
      ...effects.sync,
      async send(permit) {
        began = clock.elapsed();
        return { answer: await send(permit) };
      },
      async readBack(doubt, options) {
        if (failedAt === 0) {
          failedAt = clock.elapsed();
          isAtWork = mayBeAtWork(doubt, failedAt - began);
          isInDoubt = !(doubt instanceof RequestError && doubt.effect === "no");
        }
        const statuses = await progress.look({ ...options, patience: "patient" });
        if (statuses.every(({ inSync }) => inSync)) return { landed: { reached: statuses } };
        if (isFailureInAnswer(doubt)) throw doubt;
        const isOver = clock.elapsed() - failedAt >= (isAtWork ? patience : visible);
        return isOver ? { absent: true } : { open: describe(statuses) };
      },
    });
  } catch (error) {
    // The request's own failure, not that of a read: it has come to nothing.
    const isOwn = error instanceof RequestError && error.method !== "GET";
    const hasFailed = isOwn && (error.effect === "no" || isFailureInAnswer(error));
    if (hasFailed || (error instanceof DecideAnew && !isInDoubt)) takeBack?.();
    throw error;
  }
}

/** Whether a node may still be working on a sync that failed after so many milliseconds. */
export function mayBeAtWork(error: unknown, elapsed: number): boolean {
  if (!(error instanceof RequestError)) return false;
  const isBroken = error.effect === "maybe" && !(error instanceof StatusError);
  return error.effect === "late" || (isBroken && elapsed > quick);
}
