import { isDeepStrictEqual } from "node:util";
import { clock } from "../data/clock.ts";
import { messageOf, Refusal, RunFailed } from "../data/errors.ts";
import { withoutUndefined } from "../data/values.ts";
import type { Context } from "../work/context.ts";
import { deciding } from "../work/deciding.ts";
import { stillToCome } from "../work/late-effects.ts";
import type { Scope } from "../work/scope.ts";
import { describeEnd } from "../work/sent.ts";
import { holdToApproval } from "./approval.ts";
import { type Guarding, guardingOf } from "./guarding.ts";
import { unusedRecords } from "./intent.ts";
import { takeUpLate } from "./late-recorded.ts";
import { inheritLate, isPending } from "./left-late.ts";
import { type Memory, type Recorded, remembering } from "./memory.ts";
import { type Places, placesOf } from "./place.ts";
import { handleKey, handleOf, type Properties, type Spec } from "./resource.ts";
import { declare, scopeFor, seen, shapeOf, waysOf } from "./shape.ts";
import { recordedTiming, timingOf, withoutTiming } from "./timing.ts";

/** What an operation came to. */
export interface Result {
  id: string;
  outputs: Properties;
  memory?: Memory;
  /**
   * `ready`: as declared. `unfinished`: something was set going and has not ended; the next operation resumes it. `failed`: it ended, and
   * not well; the next operation tries again. Of the last two `reasons` says why.
   */
  outcome: "ready" | "unfinished" | "failed";
  reasons: string[];
  /** What has failed was begun by an earlier operation, and this one has sent nothing. */
  isEarlier?: true;
}

/** Runs the spec and, where it fails after something was set going, records that instead of forgetting it. */
export async function settle(
  spec: Spec,
  context: Context,
  id: string,
  inputs: Properties,
  recorded: Recorded | undefined,
): Promise<Result> {
  const { withoutInputs } = shapeOf(spec);
  const scope = scopeFor(spec, context, inputs);
  const began = clock.now();
  const places = placesOf(spec, context, recorded, inputs);
  const { moved, are: endpoints } = places;
  // What was left unfinished on another installation is not waited for here.
  const previous = recorded && (moved.length > 0 ? recorded.outputs : seen(recorded));
  const handle = handleOf(previous);
  const earlier = handle && !("failed" in handle) ? recorded : undefined;
  const record = spec.recordOf?.(inputs);
  const isUsed = record !== undefined && record === recorded?.memory?.usedRecord;
  /** Nothing can have been done for this run before: its record is of this process, or of a run that its user does not mean. */
  const isFirst = record !== undefined && (unusedRecords(scope.session).delete(record) || context.forced);
  const lastSwitch = moved.length > 0 ? undefined : recorded?.memory?.switchedAt;
  const remember = (parts: Pick<Memory, "handle" | "waits" | "usedRecord">): Memory | undefined =>
    remembering({
      ...parts,
      ...(endpoints && { installation: { endpoints } }),
      late: stillToCome(scope.late),
      // An attempt that came to nothing, or was taken back, has moved the federation as well.
      switchedAt: (spec.switches && scope.requests.leftAt) ?? lastSwitch,
    });
  const waits = () => [...(earlier?.memory?.waits ?? []), ...scope.waits];
  let wasAhead = false;
  let hasInherited = false;
  let guarding: Guarding | undefined;
  const overridden = () => guarding?.overridden ?? (earlier?.outputs.overridden as string | undefined);
  try {
    announceMove(spec, context, recorded, inputs, places);
    const ways = waysOf(spec, scope, inputs);
    for (const way of ways) await scope.identify(way);
    declare(spec, context, scope, inputs);
    if (moved.length === 0) wasAhead = takeUpLate(scope, recorded, ways);
    if (!recorded) hasInherited = inheritLate(scope, ways);
    holdToApproval(spec, context, scope, { inputs, recorded: previous, unfinished: earlier?.outputs });
    // What is left unfinished is resumed at any time: it was allowed when it was begun.
    const isResumed = earlier !== undefined && !context.forced && spec.isSameIntent(earlier.outputs, inputs);
    if (!isResumed) guarding = await guardingOf(spec, context, scope, inputs, lastSwitch);
    guarding?.hold();
    const attempt = { isForced: context.forced, moved, ...(isUsed && { usedRecord: record }) };
    const made = await deciding(scope, (decision) => {
      // What this operation has set going by now is its own unfinished attempt.
      const { kept } = scope;
      return kept
        ? spec.apply(
            decision,
            inputs,
            { ...previous, ...inputs, ...kept.outputs, [handleKey]: kept.handle },
            {},
          )
        : spec.apply(decision, inputs, previous, attempt);
    });
    const outputs = withoutInputs(scope.redactOutputs(made, inputs));
    const wasWork = scope.kept !== undefined || earlier !== undefined;
    return {
      id,
      outcome: "ready",
      reasons: [],
      outputs: withoutUndefined({
        ...outputs,
        ...(wasWork ? timingOf(began, true, earlier?.outputs) : recordedTiming(recorded?.outputs)),
        ...((wasWork || guarding?.overridden !== undefined) && { overridden: overridden() }),
        ...inputs,
      }),
      memory: remember({ waits: wasWork ? waits() : recorded?.memory?.waits }),
    };
  } catch (thrown) {
    const error = heldBack(scope) ?? thrown;
    const hasFailed = error instanceof RunFailed;
    // What another one has left is to be on record until it can no longer come.
    wasAhead ||= hasInherited && scope.late.some(isPending);
    const described = describeEnd(error, scope, spec.subject(inputs), earlier !== undefined);
    // The record counts for one attempt, and this was it. Where it is older, an attempt that was killed may have come before: then it is
    // used up only by one that has seen, before it decided to send, that nothing came of that.
    const usesUp = !hasFailed && !scope.requests.mayCount && (isUsed || isFirst || scope.requests.isDecided);
    const usedRecord = usesUp ? record : undefined;
    if (!scope.kept && !hasFailed && !usedRecord && !wasAhead) throw described;
    // What still runs of another run is not to be lost, and its inputs tell what it is.
    if (!scope.kept && !hasFailed && earlier)
      return {
        id,
        outcome: "unfinished",
        reasons: [described.message],
        outputs: earlier.outputs,
        memory: { ...(earlier.memory as Memory), late: stillToCome(scope.late), usedRecord },
      };
    const hasEnded = hasFailed || !scope.kept;
    const known = { ...scope.kept?.outputs, ...(hasFailed && error.outputs) };
    const left = { ...scope.kept?.handle, ...(hasEnded && { failed: scope.redact(messageOf(error)) }) };
    return {
      id,
      outcome: hasEnded ? "failed" : "unfinished",
      reasons: [described.message],
      ...(hasFailed && !scope.kept && !scope.requests.haveLeft && { isEarlier: true }),
      outputs: withoutUndefined({
        ...withoutInputs(withoutTiming({ ...recorded?.outputs, ...scope.redactOutputs(known, inputs) })),
        ...(hasFailed || scope.kept
          ? { ...timingOf(began, hasFailed, earlier?.outputs), overridden: overridden() }
          : {}),
        ...inputs,
      }),
      memory: remember({ handle: scope.redactData(left, inputs), waits: waits(), usedRecord }),
    };
  } finally {
    scope.end();
  }
}

/** Why nothing was sent, where that was the end of it: what was kept for a request that never was is no work to be resumed. */
function heldBack(scope: Scope): unknown {
  const { heldBack: why, haveLeft } = scope.requests;
  if (why === undefined || haveLeft) return undefined;
  scope.forget();
  return why;
}

/** @throws Refusal where each execution counts, and only the installation has changed */
export function announceMove(
  spec: Spec,
  context: Context,
  recorded: Recorded | undefined,
  inputs: Properties,
  { were, are, moved }: Places,
): void {
  if (!recorded || moved.length === 0) return;
  const named = (endpoints: object = {}) => Object.values(endpoints).flat().join(", ");
  const move = `${spec.subject(inputs)}: ${moved.join(", ")} now leads to another installation, ${named(are)} instead of ${named(were)}`;
  if (spec.isCounted && isDeepStrictEqual(recorded.outputs.triggers, inputs.triggers))
    throw new Refusal(moved[0] as string, `${move}: change triggers to run it there`);
  const { handle } = recorded.memory ?? {};
  const undone = spec.kind === "run" ? spec.undoes(seen(recorded)) : undefined;
  const left =
    handle && !("failed" in handle)
      ? "; what an earlier attempt left unfinished there is not waited for"
      : undone === undefined
        ? ""
        : `; on the former one ${undone} is not undone, if it is not over: end it there by hand`;
  context.warn(`${move}: ${spec.kind === "run" ? "it runs there" : "it is another object"}${left}`);
}
