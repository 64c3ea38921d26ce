import { ClusteropsError, messageOf } from "../../core/data/errors.ts";
import { memberPath } from "../../core/data/inputs.ts";
import { stateResource } from "../../core/lifecycle/state-resource.ts";
import type { Scope } from "../../core/work/scope.ts";
import { describe, type Federation, findIn, type Member, rolesIn, spellingOf } from "../federation.ts";
import type { RecordedNames } from "../identity.ts";
import { clustersIn } from "../import-ids.ts";
import { lookAtBoth, sidesOf } from "../look.ts";
import { checkStableFor } from "../stability.ts";
import { tcf } from "../system.ts";
import { foreseeTakenBack } from "../taken-back.ts";
import { failOver, type Reached, requestOf } from "./converge.ts";
import { factsOfFederation } from "./facts.ts";
import { type ActiveClusterInputs, type ActiveClusterOutputs, type Recorded, timeout } from "./inputs.ts";
import { forecastFailover } from "./plan.ts";

export const activeCluster = stateResource<ActiveClusterInputs, Partial<ActiveClusterOutputs>, Reached>({
  system: tcf,
  type: "ActiveCluster",
  timeout,
  goal: ["active"],
  switches: {
    hasSwitched(recorded, { activeName }) {
      // While none was active, the last one that was counts.
      const before = recorded.activeName ?? recorded.previousActiveName;
      return activeName !== undefined && before !== undefined && activeName !== before;
    },
    wouldSwitch: ({ activeName, activeId, active }, inputs) =>
      activeName !== undefined && ![active, activeName, activeId].includes(inputs.active),
  },
  id: ({ clusters }) => Object.keys(clusters).sort().join("+"),
  subject: ({ clusters }) => `tcf ${Object.keys(clusters).join(" + ")}`,
  connections: ({ clusters }) =>
    Object.entries(clusters).map(([key, reference]) => [memberPath("clusters", key), reference]),
  wishes: ({ active, clusters }) =>
    // An id means what the clusters' lists say.
    Object.hasOwn(clusters, active)
      ? Object.entries(clusters).map(([key, reference]) => [
          memberPath("clusters", key),
          reference,
          key === active ? "active" : "passive",
        ])
      : [],
  validate(inputs) {
    const count = Object.keys(inputs.clusters).length;
    const reason = `has ${count} ${count === 1 ? "entry" : "entries"}: name exactly two clusters, each with the connection that leads to it`;
    return [...(count === 2 ? [] : [{ property: "clusters", reason }]), ...checkStableFor(inputs, timeout)];
  },
  observe: async (scope, { clusters }, recorded) => ({
    federation: await observe(scope, clusters, recorded),
  }),
  converge: (scope, inputs, observed, recorded) =>
    failOver(scope, inputs, (observed as Reached).federation, recorded, (from) => ({
      ...undetermined,
      ...previousOf(undefined, from, recorded),
    })),
  outputs({ federation, from }, _inputs, recorded) {
    const { active, passive } = rolesIn(federation);
    return {
      activeName: active?.name,
      activeId: active && idOf(active, recorded),
      passiveName: passive?.name,
      passiveId: passive && idOf(passive, recorded),
      ...previousOf(active, from, recorded),
    };
  },
  inputsOf: (id) => ({ clusters: clustersIn(id) }),
  drift({ federation }, inputs) {
    const { active, count } = rolesIn(federation);
    // An import says which clusters; which of them is active the federation says.
    if (inputs.active === undefined) {
      if (active) return { active: active.name };
      throw new ClusteropsError(
        `it cannot be imported while ${count === 0 ? "no" : "more than one"} cluster is active (${describe(federation)})`,
      );
    }
    // Another spelling of what is so is no drift.
    if (active && findIn(federation, inputs.active) === active) return {};
    if (active) return { active: spellingOf(active, federation, inputs.active) };
    return { active: count === 0 ? "none" : "both" };
  },
  foresee: (handle, inputs, session) => foreseeTakenBack(handle, requestOf(inputs), session),
  plan: forecastFailover,
  facts: (scope, inputs, recorded, how) => factsOfFederation(scope, inputs, namesIn(recorded), how),
});

/** While a step is under way nobody knows. */
const undetermined: Partial<ActiveClusterOutputs> = {
  activeId: undefined,
  activeName: undefined,
  passiveId: undefined,
  passiveName: undefined,
};

/** Both sides, after some tries. One that is silent is shown as the other one sees it. */
async function observe(
  scope: Scope,
  clusters: ActiveClusterInputs["clusters"],
  recorded: Recorded,
): Promise<Federation> {
  const federation = await lookAtBoth(sidesOf(scope, clusters), scope, { recorded: namesIn(recorded) });
  const silent = federation.filter(({ trouble }) => trouble);
  if (silent.length === 2) {
    const reasons = silent.map(
      ({ side, trouble }) => `${memberPath("clusters", side.key)}: ${messageOf(trouble)}`,
    );
    throw new ClusteropsError(`neither cluster can be read: ${reasons.join("; ")}`, {
      cause: silent[0]?.trouble,
    });
  }
  for (const { name, trouble } of silent)
    scope.warn(`${name} cannot be read; only the other cluster says what it is: ${messageOf(trouble)}`);
  return federation;
}

/** Names by id, from a time when both could be told. */
function namesIn(recorded: Recorded): RecordedNames {
  const { activeId, activeName, passiveId, passiveName, previousActiveId, previousActiveName } =
    recorded ?? {};
  const pairs = [
    // In the middle of a failover only this pair is known.
    [previousActiveId, previousActiveName],
    [activeId, activeName],
    [passiveId, passiveName],
  ];
  return new Map(pairs.filter((pair): pair is [string, string] => pair.every((word) => word !== undefined)));
}

/** The id that holds in both lists, now or when it was recorded; else the name, which holds everywhere. */
function idOf({ id, name }: Member, recorded: Recorded): string {
  if (id !== undefined) return id;
  const known = [...namesIn(recorded)].find(([, recordedName]) => recordedName === name);
  return known?.[0] ?? name;
}

/** Who was active before the one that is active now. */
function previousOf(
  active: Member | undefined,
  from: Member | undefined,
  recorded: Recorded,
): Pick<ActiveClusterOutputs, "previousActiveId" | "previousActiveName"> {
  const known = [
    { previousActiveName: from?.name, previousActiveId: from && idOf(from, recorded) },
    { previousActiveName: recorded?.activeName, previousActiveId: recorded?.activeId },
    { previousActiveName: recorded?.previousActiveName, previousActiveId: recorded?.previousActiveId },
  ];
  // 0.1.0 recorded no name of the previous one.
  const activeId = active && idOf(active, recorded);
  const isPrevious = ({ previousActiveId, previousActiveName }: (typeof known)[number]) =>
    previousActiveId !== undefined &&
    (previousActiveName ?? "") !== active?.name &&
    previousActiveId !== activeId;
  return known.find(isPrevious) ?? {};
}
