import { clock } from "../../core/data/clock.ts";
import { ClusteropsError, messageOf, RequestError, reworded, StatusError } from "../../core/data/errors.ts";
import { once } from "../../core/work/once.ts";
import type { Scope } from "../../core/work/scope.ts";
import { pruneDatabase } from "../client.ts";
import { labelOf } from "../system.ts";
import { conclude, isPast, outputs, type PruneHandle } from "./conclusion.ts";
import type { PruneAnswer, PruneMark } from "./evidence.ts";
import type { DatabasePruneInputs, DatabasePruneOutputs } from "./inputs.ts";
import { type Explained, readMark, type Versioned, waitForRise } from "./state.ts";

/** A prune is over in a moment: a request without an answer that shows no effect for so long was most likely lost. */
const lateness = 5_000;

/**
 * Not idempotent: every request that lands raises the version and makes all workers reload. So only a proven absence is repaired.
 *
 * @param hasCompanion something recorded ahead would take what comes after it for this run: that it was refused is recorded, too
 */
export async function prune(
  scope: Scope,
  inputs: DatabasePruneInputs,
  present: Explained,
  { hasCompanion }: { hasCompanion: boolean },
): Promise<DatabasePruneOutputs> {
  const { http } = scope;
  const { channel } = inputs;
  let before = markOf(present);
  let answer: PruneAnswer | undefined;
  let isLate = false;
  let failedAt = 0;

  function keep(patience: number, more: Partial<PruneHandle> = {}): PruneHandle {
    const handle = { ...before, mayComeUntil: clock.now() + patience, ...more };
    scope.keep(handle);
    return handle;
  }

  /** Before it is sent again: a pause, up to a minute where the server asked for it, has made the look on which it rests old. */
  async function lookAgain(): Promise<DatabasePruneOutputs | undefined> {
    const now = await readMark(scope, channel);
    if (now.databaseVersion <= before.databaseVersion) return undefined;
    const landed = await conclude(scope, inputs, { ...before, answer }, now);
    if (landed) return landed;
    before = markOf(now);
    return isPast(now, inputs.ifDatabaseVersion) ? outputs(now.databaseVersion, now) : undefined;
  }

  function note(error: unknown): void {
    failedAt = clock.elapsed();
    isLate = error instanceof RequestError && error.effect === "late";
    const isRefused = error instanceof RequestError && error.effect === "no";
    // A refusal takes back nothing of a doubt that an earlier try has left.
    if (isRefused && (answer === undefined || answer === "refused")) {
      answer = "refused";
      if (hasCompanion) keep(0, { answer });
      else scope.forget();
    } else if (!isRefused) {
      answer = error instanceof StatusError && error.status < 300 ? "failure" : "lost";
      keep(http.connection.requestTimeout + lateness, { answer });
    }
  }

  const landed = await once<DatabasePruneOutputs | "answered">(scope, {
    async send() {
      const done = answer && (await lookAgain());
      if (done) return done;
      keep(http.connection.requestTimeout + lateness);
      try {
        const { isDirect } = await pruneDatabase(http, channel, scope);
        answer = isDirect ? "success" : "lost";
        return "answered";
      } catch (error) {
        note(error);
        throw error;
      }
    },
    async landed() {
      let isTold = false;
      const risen = await waitForRise(scope, channel, before, (told) => {
        isTold = told;
        return clock.elapsed() - failedAt >= lateness || (isTold && !isLate);
      });
      if (risen) return conclude(scope, inputs, { ...before, answer }, risen);
      if (isTold) return undefined;
      throw new ClusteropsError(
        `whether the prune was carried out is not known: ${labelOf(http)} no longer tells its databaseVersion; the next pulumi up looks again`,
      );
    },
  }).catch((error) => {
    if (!(error instanceof RequestError) || error.effect === "no") throw error;
    keep(0, { answer });
    throw reworded(
      error,
      `${messageOf(error)}; the databaseVersion is still ${before.databaseVersion}: the next pulumi up prunes unless it has risen by then`,
    );
  });
  if (landed !== "answered") return landed;
  const handle = keep(http.connection.requestTimeout + lateness, { answer });
  // A 200 is not success: it is waited for as long as there is time.
  const risen = (await waitForRise(scope, channel, before, () => false)) as Versioned;
  return (await conclude(scope, inputs, handle, risen)) as DatabasePruneOutputs;
}

function markOf({ databaseVersion, imports, from }: Explained): PruneMark {
  return { databaseVersion, imports, ...(from !== undefined && { from }) };
}
