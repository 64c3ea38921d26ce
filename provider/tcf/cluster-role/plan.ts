import { clock } from "../../core/data/clock.ts";
import { recalling } from "../../core/http/http.ts";
import type { Forecast } from "../../core/lifecycle/resource.ts";
import type { Scope } from "../../core/work/scope.ts";
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

/** What a preview says of a cluster that is to take a role. From reads only. */
export async function forecastRole(
  scope: Scope,
  { role, force }: ClusterRoleInputs,
  recorded: Partial<ClusterRoleInputs> | undefined,
  hints: Hints,
): Promise<Forecast> {
  const self = await lookOnce(scope, hints);
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

async function lookOnce(scope: Scope, hints: Hints): Promise<OneSide> {
  const options = { signal: scope.signal, patience: "once" } as const;
  const seen = await lookAtOneSide(recalling(scope.http), options, hints);
  if (!misplacedRefusal(seen, hints)) return seen;
  // Two reads may have met a switch between them: only what stays so is a mistake in the configuration.
  await clock.pause(1_000, scope.signal);
  return lookAtOneSide(scope.http, options, hints);
}
