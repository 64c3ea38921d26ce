import { stateResource } from "../../core/lifecycle/state-resource.ts";
import { sideIn } from "../import-ids.ts";
import { checkStableFor } from "../stability.ts";
import { tcf } from "../system.ts";
import { foreseeTakenBack } from "../taken-back.ts";
import { factsOfSide } from "./facts.ts";
import { type ClusterRoleInputs, type ClusterRoleOutputs, type Recorded, timeout } from "./inputs.ts";
import { type Hints, isKnown, lookAtOneSide, type OneSide } from "./one-side.ts";
import { forecastRole } from "./plan.ts";
import { requestOf } from "./request.ts";
import { identityOf, takeRole } from "./take-role.ts";

export const clusterRole = stateResource<ClusterRoleInputs, ClusterRoleOutputs, OneSide>({
  system: tcf,
  type: "ClusterRole",
  timeout,
  goal: ["role"],
  switches: {
    hasSwitched: (recorded, { role }) => recorded.role !== undefined && recorded.role !== role,
    // Whether a promotion heals only a look can tell.
    wouldSwitch: (recorded, { role }) => recorded.role === "active" && role === "passive",
  },
  id: nameOf,
  wishes: ({ connection, role }) => [["connection", connection, role]],
  subject: (inputs) => `tcf cluster ${nameOf(inputs)}`,
  validate: (inputs) => checkStableFor(inputs, timeout),
  observe: (scope, inputs, recorded) => lookAtOneSide(scope.http, scope, hintsOf(inputs, recorded)),
  converge: (scope, inputs, observed, recorded) =>
    takeRole(scope, inputs, recorded, {
      name: nameOf(inputs),
      hints: hintsOf(inputs, recorded),
      observed,
    }),
  outputs: (self, _inputs, recorded) => ({ ...identityOf(self, recorded), status: self.own }),
  inputsOf: sideIn,
  drift: ({ own }) => (isKnown(own) ? { role: own as ClusterRoleInputs["role"] } : {}),
  foresee: (handle, inputs, session) => foreseeTakenBack(handle, requestOf(inputs), session),
  plan: (scope, inputs, recorded, how) =>
    forecastRole(scope, inputs, recorded, hintsOf(inputs, recorded), how),
  facts: (scope, inputs, recorded, how) =>
    factsOfSide(scope, { name: nameOf(inputs), hints: hintsOf(inputs, recorded) }, how),
});

/** A cluster once found is found again among others with the same word. */
function hintsOf({ cluster }: ClusterRoleInputs, recorded: Recorded): Hints {
  const isKnown = recorded?.clusterId !== undefined;
  return {
    cluster,
    remembered: isKnown ? { name: recorded.clusterName, id: recorded.clusterId } : undefined,
  };
}

function nameOf({ cluster, connection = tcf.name }: ClusterRoleInputs): string {
  return cluster ?? (typeof connection === "string" ? connection : "inline");
}
