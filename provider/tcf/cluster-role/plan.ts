import { advice } from "../../core/data/advice.ts";
import { clock } from "../../core/data/clock.ts";
import { recalling } from "../../core/http/http.ts";
import type { Forecast } from "../../core/lifecycle/resource.ts";
import type { Scope } from "../../core/work/scope.ts";
import { listLag } from "../federation.ts";
import type { ClusterRoleInputs } from "./inputs.ts";
import {
  areOthersPassive,
  describeOneSide,
  type Hints,
  hasActive,
  identityRefusal,
  isKnown,
  lookAtOneSide,
  misplacedRefusal,
  nameAll,
  type OneSide,
  secondActive,
  secondActiveRefusal,
} from "./one-side.ts";
import { areOthersPlanned, planDemotion } from "./rivals.ts";

/** Milliseconds between two looks at what may pass. */
const pace = 1_000;

/** What a preview says of a cluster that is to take a role. From reads only. */
export async function forecastRole(
  scope: Scope,
  inputs: ClusterRoleInputs,
  recorded: Partial<ClusterRoleInputs> | undefined,
  hints: Hints,
  { isUpdate }: { isUpdate: boolean },
): Promise<Forecast> {
  const { role, force } = inputs;
  // A preview changes nothing: what the same program is going to demote is active until then.
  const isFirstDemoted = (seen: OneSide) => !isUpdate && areOthersPlanned(scope.session, seen);
  const self = await lookOnce(scope, hints, (seen) => {
    const isBeside = seen.others.length > 0 && !seen.trouble && secondActive(seen) !== undefined;
    return role === "active" && seen.own === "passive" && !force && isBeside && !isFirstDemoted(seen);
  });
  const misplaced = misplacedRefusal(self, hints);
  if (misplaced) throw misplaced;
  const unclear = identityRefusal(self, hints);
  // Nothing is sent on an id alone; the name that an earlier up has recorded only the operation sees.
  if (unclear && hints.cluster !== undefined) {
    if (!recorded) throw unclear;
    return {
      warnings: [
        `cluster ${unclear.message}; unless an earlier ${advice.up} has recorded it, this will fail`,
      ],
    };
  }
  const name = self.entry?.name ?? "the cluster";
  if (!isKnown(self.own) || !self.isAgreed)
    return { warnings: [`${name} is changing (${describeOneSide(self)}): it is waited for first`] };
  if (self.own === role) {
    if (unclear && !recorded) throw unclear;
    return recorded?.role === role ? {} : { warnings: [`${name} is ${role} already: nothing will be sent`] };
  }
  if (role === "passive") {
    const leavesNone = !hasActive(self);
    if (!isUpdate) planDemotion(scope.session, self);
    const warnings = leavesNone ? ["no cluster is active then, until the other one is promoted"] : [];
    return { plan: `demote ${name}`, warnings };
  }
  const refusal = secondActiveRefusal(self);
  if (refusal && !force) {
    if (!isFirstDemoted(self)) throw refusal;
    const others = nameAll(self.others);
    return {
      plan: `promote ${name}`,
      warnings: [`${others} is active: it has to be demoted first, as this program declares (dependsOn)`],
    };
  }
  return {
    plan: `promote ${name}`,
    warnings: refusal ? [`force: ${secondActive(self)}`] : [],
    isGuarded: !areOthersPassive(self),
  };
}

/** Two reads may have met a switch between them, and lists lag: only what stays so stands in the way. */
async function lookOnce(
  scope: Scope,
  hints: Hints,
  isInTheWay: (seen: OneSide) => boolean,
): Promise<OneSide> {
  const options = { signal: scope.signal, patience: "once" } as const;
  const mayPass = (seen: OneSide) => misplacedRefusal(seen, hints) !== undefined || isInTheWay(seen);
  let seen = await lookAtOneSide(recalling(scope.http), options, hints);
  for (let looks = 0; mayPass(seen) && looks * pace < listLag; looks++) {
    await clock.pause(pace, scope.signal);
    seen = await lookAtOneSide(scope.http, options, hints);
  }
  return seen;
}
