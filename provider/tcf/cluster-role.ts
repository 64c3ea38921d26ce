import { isDeepStrictEqual } from "node:util";
import { messageOf, RequestError } from "../core/errors.ts";
import { type CommonInputs, stateResource } from "../core/resource.ts";
import type { Scope } from "../core/scope.ts";
import { waitFor } from "../core/wait.ts";
import { forecastRole } from "./cluster-role-forecast.ts";
import { listLag, withClusters } from "./federation.ts";
import {
  describeSelf,
  type Hints,
  identityRefusal,
  isKnown,
  lookAtSelf,
  misplacedRefusal,
  type Self,
  secondActiveRefusal,
} from "./self.ts";
import { send } from "./sending.ts";
import { tcf } from "./system.ts";
import { firstOf } from "./watch.ts";

/**
 * The role of one cluster, for those who control one side of a federation only; who controls both declares an
 * `ActiveCluster`. Deleting the resource never changes the role. Calls: `/tcf/status`, `/tcf/is_active`, `/tcf/clusters`,
 * `/tcf/promote`, `/tcf/demote`
 * (https://www.tarantool.io/ru/clustersfederation/doc/latest/references/http_reference_tcf_worker).
 */
export interface ClusterRoleInputs extends CommonInputs {
  /**
   * What the cluster behind `connection` is to be. A second active cluster is refused: the other one is demoted first, by
   * whoever controls it.
   */
  role: "active" | "passive";
  /**
   * Id or name of the cluster behind `connection`. Needed only when the list cannot tell which one it is, as with two passive
   * clusters. @minLength 1
   */
  cluster?: string;
  /** Promote although the other cluster is active, or cannot be seen to be passive. @default false */
  force?: boolean;
}

export interface ClusterRoleOutputs {
  /** Absent while the list cannot tell which cluster it is. */
  clusterId?: string;
  /** As `clusterId`. */
  clusterName?: string;
  /** `active`, `passive`, or another word, as it was said. */
  status: string;
}

type Recorded = Partial<ClusterRoleInputs & ClusterRoleOutputs> | undefined;

export const clusterRole = stateResource<ClusterRoleInputs, ClusterRoleOutputs, Self>({
  system: tcf,
  type: "ClusterRole",
  timeout: "5m",
  id: nameOf,
  subject: (inputs) => `tcf cluster ${nameOf(inputs)}`,
  observe: (scope, inputs) => lookAtSelf(scope.http, scope, hintsOf(inputs, inputs)),
  converge: (scope, inputs, _observed, recorded) =>
    withClusters([scope.http], scope.signal, () => takeRole(scope, inputs, recorded)),
  outputs: (self, _inputs, recorded) => ({ ...identityOf(self, recorded), status: self.own }),
  drift: ({ own }) => (isKnown(own) ? { role: own as ClusterRoleInputs["role"] } : {}),
  preflight: (scope, inputs, recorded) => forecastRole(scope, inputs, recorded, hintsOf(inputs, recorded)),
});

async function takeRole(scope: Scope, inputs: ClusterRoleInputs, recorded: Recorded): Promise<Self> {
  const { role, force } = inputs;
  const call = role === "active" ? "promote" : "demote";
  const hints = hintsOf(inputs, recorded);
  const self = await settled();
  hints.remembered = self.entry?.id ?? hints.remembered;
  if (self.own === role) return finish(self);
  const refusal = role === "active" && !force ? secondActiveRefusal(self) : undefined;
  if (refusal) throw refusal;
  const on = self.entry?.id ?? nameOf(inputs);
  await send(scope, {
    call,
    on,
    // Once it is passive as well, the list may not tell any more which one it was.
    outputs: identityOf(self, recorded),
    http: scope.http,
    readBack: (judge) =>
      watch(`${call} ${on}`, (now) => judge(now !== undefined && now.own !== self.own, now !== undefined)),
  });
  return finish(await watch(`${call} ${on}`, (now) => (now?.own === role && now.isAgreed ? now : undefined)));

  /** Looks until `judge` comes to something. What cannot be read is waited for: undefined. A list that fails is asked for once more. */
  function watch<R>(what: string, judge: (now: Self | undefined) => R | undefined): Promise<R> {
    const isFirst = firstOf();
    return waitFor<Self | Error, R>(scope, {
      what,
      look: (options) =>
        lookAtSelf(scope.http, { ...options, patience: "once" }, hints).catch((error: Error) => {
          options.signal.throwIfAborted();
          if (!(error instanceof RequestError)) throw error;
          return error;
        }),
      judge(seen) {
        const now = seen instanceof Error ? undefined : seen;
        const done = isFirst(now?.trouble !== undefined) ? undefined : judge(now);
        if (done !== undefined) return { done };
        return { pending: now ? describeSelf(now) : `not readable: ${messageOf(seen)}` };
      },
    });
  }

  /** What is known once nothing is changing any more: the knowledge on which a call may be sent. */
  function settled(): Promise<Self> {
    const began = performance.now();
    return watch(`${nameOf(inputs)} to settle`, (now) => {
      if (!now) return undefined;
      const misplaced = misplacedRefusal(now, hints);
      if (misplaced && performance.now() - began > listLag) throw misplaced;
      const mayWaitForOthers = role === "active" && now.own !== role && !force;
      const othersSettled = !mayWaitForOthers || now.others.every(({ status }) => isKnown(status));
      return isKnown(now.own) && now.isAgreed && othersSettled ? now : undefined;
    });
  }

  function finish(reached: Self): Self {
    const refusal = identityRefusal(reached);
    if (refusal) throw refusal;
    if (role === "active" && reached.others.some(({ status }) => status === "active"))
      scope.warn(`both clusters are active: ${describeSelf(reached)}`);
    return reached;
  }
}

function identityOf({ entry }: Self, recorded: Recorded): { clusterId?: string; clusterName?: string } {
  return { clusterId: entry?.id ?? recorded?.clusterId, clusterName: entry?.name ?? recorded?.clusterName };
}

/** A cluster once found is found again among others with the same word, as long as the way there is the same. */
function hintsOf(inputs: ClusterRoleInputs, recorded: Recorded): Hints {
  const isSame = isDeepStrictEqual(inputs.connection, recorded?.connection);
  return { cluster: inputs.cluster, remembered: isSame ? recorded?.clusterId : undefined };
}

function nameOf({ cluster, connection = tcf.name }: ClusterRoleInputs): string {
  return cluster ?? (typeof connection === "string" ? connection : "inline");
}
