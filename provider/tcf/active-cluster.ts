import type { Connection } from "../core/connection.ts";
import { ClusteropsError, messageOf } from "../core/errors.ts";
import { type CommonInputs, handleOf, type Properties, stateResource } from "../core/resource.ts";
import type { Scope } from "../core/scope.ts";
import { forecastFailover } from "./active-cluster-forecast.ts";
import { failOver, type Reached } from "./failover.ts";
import { type Federation, lookAtBoth, rolesIn, sidesOf, spellingOf } from "./federation.ts";
import type { SentCall } from "./sending.ts";
import { tcf } from "./system.ts";

/**
 * Which of a federation's two clusters is the active one. Changing `active` fails over, in place; deleting the resource never
 * changes a role. Calls: `/tcf/clusters`, `/tcf/status`, `/tcf/is_active`, `/tcf/demote`, `/tcf/promote`, `/tcf/toggle`
 * (https://www.tarantool.io/ru/clustersfederation/doc/latest/references/http_reference_tcf_worker).
 */
export interface ActiveClusterInputs extends CommonInputs {
  /** Id or name of the cluster that is to be active, as `/tcf/clusters` lists it. @minLength 1 */
  active: string;
  /**
   * Both clusters: the id or name of each, and the connection that leads to its own endpoints. Exactly two. Each cluster is
   * asked, since one endpoint's view cannot prove what the other cluster is.
   */
  clusters: Record<string, string | Connection>;
  /**
   * `demoteThenPromote`: demote the old, see both passive on both sides, promote the new, see exactly one active on both sides.
   * `toggle`: the single call, only from one active and one passive cluster, and never sent again on a doubt; other states are
   * put right with demote and promote. @default "demoteThenPromote"
   */
  strategy?: "demoteThenPromote" | "toggle";
  /**
   * Go on when the other cluster cannot be reached or read: `active` is promoted alone. Nothing then proves that the other
   * one is not active as well, and what it had not replicated yet is missing. @default false
   */
  force?: boolean;
  /** When both clusters are active: demote the other one. What only it has written may be lost. @default false */
  resolveBothActive?: boolean;
  /** Not used here: each entry of `clusters` says how its cluster is reached. */
  connection?: string | Connection;
}

export interface ActiveClusterOutputs {
  /** Id of the active cluster; absent unless exactly one is active. */
  activeId?: string;
  /** Its name. */
  activeName?: string;
  /** Id of the other cluster; absent unless exactly one is active. */
  passiveId?: string;
  /** Its name. */
  passiveName?: string;
  /** Id of the cluster that was active before the present one, as far as this resource has seen. */
  previousActiveId?: string;
}

type Recorded = Partial<ActiveClusterInputs & ActiveClusterOutputs> | undefined;

export const activeCluster = stateResource<ActiveClusterInputs, ActiveClusterOutputs, Reached>({
  system: tcf,
  type: "ActiveCluster",
  timeout: "5m",
  id: ({ clusters }) => Object.keys(clusters).sort().join("+"),
  subject: ({ clusters }) => `tcf ${Object.keys(clusters).join(" + ")}`,
  connections: ({ clusters }) =>
    Object.entries(clusters).map(([key, reference]) => [`clusters.${key}`, reference]),
  validate({ clusters }) {
    const count = Object.keys(clusters).length;
    if (count === 2) return [];
    const reason = `has ${count} ${count === 1 ? "entry" : "entries"}: name exactly two clusters by id or name, each with the connection that leads to it`;
    return [{ property: "clusters", reason }];
  },
  observe: async (scope, { clusters }) => ({ federation: await observe(scope, clusters) }),
  async converge(scope, inputs, observed, recorded) {
    const { federation } = observed as Reached;
    return failOver(scope, inputs, federation, {
      last: handleOf(recorded as Properties | undefined) as SentCall | undefined,
      outputs: (from) => ({ ...undetermined, previousActiveId: previousOf(undefined, from, recorded) }),
    });
  },
  outputs({ federation, from }, _inputs, recorded) {
    const { active, passive } = rolesIn(federation);
    return {
      activeId: active?.id,
      activeName: active?.name,
      passiveId: passive?.id,
      passiveName: passive?.name,
      previousActiveId: previousOf(active?.id, from, recorded),
    };
  },
  drift({ federation }, inputs) {
    const { active, count } = rolesIn(federation);
    if (active) return { active: spellingOf(active, federation, inputs.active) };
    return { active: count === 0 ? "none" : "both" };
  },
  preflight: forecastFailover,
});

/** While a step is under way nobody knows. */
const undetermined: ActiveClusterOutputs = {
  activeId: undefined,
  activeName: undefined,
  passiveId: undefined,
  passiveName: undefined,
};

/** Both sides, after some tries. One that is silent is shown as the other one sees it. */
async function observe(scope: Scope, clusters: ActiveClusterInputs["clusters"]): Promise<Federation> {
  const federation = await lookAtBoth(sidesOf(scope, clusters), scope);
  const silent = federation.filter(({ trouble }) => trouble);
  if (silent.length === 2) {
    const reasons = silent.map(({ side, trouble }) => `clusters.${side.key}: ${messageOf(trouble)}`);
    throw new ClusteropsError(`neither cluster can be read: ${reasons.join("; ")}`, {
      cause: silent[0]?.trouble,
    });
  }
  for (const { id, trouble } of silent)
    scope.warn(`${id} cannot be read; only the other cluster says what it is: ${messageOf(trouble)}`);
  return federation;
}

function previousOf(
  activeId: string | undefined,
  from: string | undefined,
  recorded: Recorded,
): string | undefined {
  const known = [from, recorded?.activeId, recorded?.previousActiveId];
  return known.find((id) => id !== undefined && id !== activeId);
}
