import { clock } from "../../core/data/clock.ts";
import { recalling } from "../../core/http/http.ts";
import type { Forecast } from "../../core/lifecycle/resource.ts";
import type { Scope } from "../../core/work/scope.ts";
import { listLag } from "../federation.ts";
import type { ClusterRoleInputs } from "./inputs.ts";
import {
  describeOneSide,
  type Hints,
  identityRefusal,
  isKnown,
  lookAtOneSide,
  misplacedRefusal,
  type OneSide,
  secondActive,
  secondActiveRefusal,
} from "./one-side.ts";

/** Milliseconds between two looks at what may pass. */
const pace = 1_000;

/** What a preview says of a cluster that is to take a role. From reads only. */
export async function forecastRole(
  scope: Scope,
  inputs: ClusterRoleInputs,
  recorded: Partial<ClusterRoleInputs> | undefined,
  hints: Hints,
): Promise<Forecast> {
  const { role, force } = inputs;
  const self = await lookOnce(scope, inputs, hints);
  const misplaced = misplacedRefusal(self, hints);
  if (misplaced) throw misplaced;
  const unclear = identityRefusal(self, hints);
  // Nothing is sent on an id alone; the name that an earlier up has recorded only the operation sees.
  if (unclear && hints.cluster !== undefined) {
    if (!recorded) throw unclear;
    return { warnings: [`cluster ${unclear.message}; unless an earlier up has recorded it, this will fail`] };
  }
  const name = self.entry?.name ?? "the cluster";
  if (!isKnown(self.own) || !self.isAgreed)
    return { warnings: [`${name} is changing (${describeOneSide(self)}): it is waited for first`] };
  if (self.own === role) {
    if (unclear && !recorded) throw unclear;
    return recorded?.role === role ? {} : { warnings: [`${name} is ${role} already: nothing will be sent`] };
  }
  if (role === "passive") {
    const leavesNone = !self.others.some(({ status }) => status === "active");
    const warnings = leavesNone ? ["no cluster is active then, until the other one is promoted"] : [];
    return { plan: `demote ${name}`, warnings };
  }
  const refusal = secondActiveRefusal(self);
  if (refusal && !force) throw refusal;
  return { plan: `promote ${name}`, warnings: refusal ? [`force: ${secondActive(self)}`] : [] };
}

/** Two reads may have met a switch between them, and lists lag: only what stays so stands in the way. */
async function lookOnce(scope: Scope, { role, force }: ClusterRoleInputs, hints: Hints): Promise<OneSide> {
  const options = { signal: scope.signal, patience: "once" } as const;
  const mayPass = (seen: OneSide) => {
    if (misplacedRefusal(seen, hints)) return true;
    const isBeside = seen.others.length > 0 && !seen.trouble && secondActive(seen) !== undefined;
    return role === "active" && seen.own === "passive" && !force && isBeside;
  };
  let seen = await lookAtOneSide(recalling(scope.http), options, hints);
  for (let looks = 0; mayPass(seen) && looks * pace < listLag; looks++) {
    await clock.pause(pace, scope.signal);
    seen = await lookAtOneSide(scope.http, options, hints);
  }
  return seen;
}
