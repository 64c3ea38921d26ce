import type { Looked } from "../../core/lifecycle/facts.ts";
import type { Scope } from "../../core/work/scope.ts";
import { is, isSettled } from "../federation.ts";
import type { RecordedNames } from "../identity.ts";
import { closely, lookAtBoth, recallingBoth, sidesOf } from "../look.ts";
import type { ActiveClusterInputs } from "./inputs.ts";

const activeFact = "active cluster";

/** Who is active: what a failover rests on. */
export async function factsOfFederation(
  scope: Scope,
  { clusters }: ActiveClusterInputs,
  recorded: RecordedNames,
  { isAhead }: { isAhead: boolean },
): Promise<Looked> {
  const sides = sidesOf(scope, clusters);
  const seen = await lookAtBoth(
    isAhead ? recallingBoth(sides) : sides,
    { signal: scope.signal, ...(isAhead && { patience: "once" as const }) },
    { recorded },
    closely,
  );
  const silent = seen.filter(({ trouble }) => trouble);
  const active = seen.filter((member) => is(member, "active"));
  const isChanging = seen.some((member) => !member.trouble && !isSettled(member));
  return {
    facts: {
      [activeFact]: isChanging ? "changing" : active.map(({ name }) => name).join(" and ") || "none",
      ...(silent.length > 0 && { "cannot be read": silent.map(({ name }) => name).join(", ") }),
    },
    explains: (fact, _change, sent) => fact === activeFact && sent.length > 0,
    isHealed: silent.length === 0 && seen.every((member) => is(member, "passive")),
  };
}
