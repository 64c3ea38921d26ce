import { isDeepStrictEqual } from "node:util";
import { stateResource } from "../../core/lifecycle/resource.ts";
import type { Scope } from "../../core/work/scope.ts";
import { checkStableFor } from "../stability.ts";
import { tcf } from "../system.ts";
import { foreseeTakenBack } from "../taken-back.ts";
import { type ClusterRoleInputs, type ClusterRoleOutputs, type Recorded, timeout } from "./inputs.ts";
import { type Hints, isKnown, lookAtOneSide, type OneSide } from "./one-side.ts";
import { forecastRole } from "./plan.ts";
import { identityOf, requestOf, takeRole } from "./take-role.ts";

export const clusterRole = stateResource<ClusterRoleInputs, ClusterRoleOutputs, OneSide>({
  system: tcf,
  type: "ClusterRole",
  timeout,
  id: nameOf,
  subject: (inputs) => `tcf cluster ${nameOf(inputs)}`,
  validate: (inputs) => checkStableFor(inputs, timeout),
  observe: (scope, inputs, recorded) => lookAtOneSide(scope.http, scope, hintsOf(scope, inputs, recorded)),
  converge: (scope, inputs, _observed, recorded) =>
    takeRole(scope, inputs, recorded, {
      name: nameOf(inputs),
      hints: hintsOf(scope, inputs, recorded),
    }),
  outputs: (self, _inputs, recorded) => ({ ...identityOf(self, recorded), status: self.own }),
  drift: ({ own }) => (isKnown(own) ? { role: own as ClusterRoleInputs["role"] } : {}),
  foresee: (handle, inputs) => foreseeTakenBack(handle, requestOf(inputs)),
  plan: (scope, inputs, recorded) => forecastRole(scope, inputs, recorded, hintsOf(scope, inputs, recorded)),
});

/** A cluster once found is found again among others with the same word, as long as the way there leads to the same. */
function hintsOf(scope: Scope, inputs: ClusterRoleInputs, recorded: Recorded): Hints {
  const remembered = { name: recorded?.clusterName, id: recorded?.clusterId };
  const isKnown = remembered.id !== undefined && leadsToTheSame(scope, inputs, recorded);
  return { cluster: inputs.cluster, remembered: isKnown ? remembered : undefined };
}

function leadsToTheSame(scope: Scope, inputs: ClusterRoleInputs, recorded: Recorded): boolean {
  if (isDeepStrictEqual(inputs.connection, recorded?.connection)) return true;
  try {
    const before = scope.connect(recorded?.connection, "connection");
    return before.connection.identity === scope.http.connection.identity;
  } catch {
    // The name that was recorded is no longer configured.
    return false;
  }
}

function nameOf({ cluster, connection = tcf.name }: ClusterRoleInputs): string {
  return cluster ?? (typeof connection === "string" ? connection : "inline");
}
