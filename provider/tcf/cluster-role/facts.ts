import { recalling } from "../../core/http/http.ts";
import type { Looked } from "../../core/lifecycle/facts.ts";
import type { Scope } from "../../core/work/scope.ts";
import { type Hints, lookAtOneSide } from "./one-side.ts";

/** What the cluster is: what the other one is, who controls one side only has to ask for at every step. */
export async function factsOfSide(
  scope: Scope,
  { name, hints }: { name: string; hints: Hints },
  { isAhead }: { isAhead: boolean },
): Promise<Looked> {
  const http = isAhead ? recalling(scope.http) : scope.http;
  const seen = await lookAtOneSide(
    http,
    { signal: scope.signal, ...(isAhead && { patience: "once" as const }) },
    hints,
  );
  const { own, others, trouble } = seen;
  const areOthersPassive = others.length > 0 && others.every(({ status }) => status === "passive");
  return {
    facts: { [`role of ${name}`]: own },
    explains: (_fact, _change, sent) => sent.length > 0,
    isHealed: !trouble && own === "passive" && areOthersPassive,
  };
}
