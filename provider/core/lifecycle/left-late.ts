import type { Context } from "../work/context.ts";
import type { Installation, Way } from "../work/installation.ts";
import { type LateEffect, remaining, stillToCome } from "../work/late-effects.ts";
import type { Scope } from "../work/scope.ts";
import type { Recorded } from "./memory.ts";
import type { Properties, Spec } from "./resource.ts";
import { scopeFor, waysOf } from "./shape.ts";

/*
 * What is deleted, and undoes nothing, may have sent what can yet take effect. What takes its place (a taint, `-replace`) is told nothing of
 * it by the engine, and would promote the other cluster beside a promotion that is still to land.
 */

/** For whatever is made after it in this process. */
export function leaveLate(spec: Spec, context: Context, { outputs, memory }: Recorded): void {
  const late = stillToCome(memory?.late ?? []);
  if (late.length === 0 || !context.session) return;
  for (const { installation } of waysThere(spec, context, outputs))
    for (const effect of late) {
      installation.late.add(effect);
      leftIn(installation).push(effect);
    }
}

/** Takes over what was left, so that it is remembered. @returns whether there is any */
export function inheritLate(scope: Scope, ways: readonly Way[]): boolean {
  const left = new Set(stillToCome(ways.flatMap(({ installation }) => leftIn(installation))));
  scope.late.push(...left);
  return left.size > 0;
}

/** Whether it may yet take effect. */
export function isPending(effect: LateEffect): boolean {
  return remaining(effect) > 0;
}

function leftIn(installation: Installation): LateEffect[] {
  return installation.note("left by what was deleted", () => []);
}

/** None where its connections are not configured any more: then nothing of this process goes there. */
function waysThere(spec: Spec, context: Context, outputs: Properties): Way[] {
  const scope = scopeFor(spec, context, outputs);
  try {
    return waysOf(spec, scope, outputs);
  } catch {
    return [];
  } finally {
    scope.end();
  }
}
