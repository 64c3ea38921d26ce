/*
 * The rules, on plain values: a test calls them without an engine. What is unknown in a preview is not in `props`.
 */

/** As much of a resource as the rules look at. */
export interface Resource {
  type: string;
  name: string;
  urn: string;
  props: Record<string, unknown>;
}

/** What stack configuration and the environment say beside the program. */
export interface Settings {
  /** `clusterops:guards`, as JSON. */
  guards: string | undefined;
  /** `clusterops:override`: why something that is forbidden is done all the same. */
  override: string | undefined;
}

/** `tcf:ActiveCluster`, whichever of Pulumi's doors it goes through; undefined: it is another package's. */
export function kindOf({ type }: Pick<Resource, "type">): string | undefined {
  return /^(?:pulumi-nodejs:dynamic\/clusterops\/|clusterops:)((?:redis|tcf|factfinder|aspire):\w+)$/.exec(
    type,
  )?.[1];
}

/** Whether a role is about to change: what is so by now is known, and the same as what is declared. */
function isSwitching({ type, props }: Resource): boolean {
  const kind = kindOf({ type });
  if (kind === "tcf:ActiveCluster")
    return props.activeName !== props.active && props.activeId !== props.active;
  return kind === "tcf:ClusterRole" && props.status !== props.role;
}

const takingAway: unknown[] = ["maintenance_on", "remove", "decommission"];

/** Whether a node is about to leave its cluster, for a while or for good. */
function takesNodeAway({ type, props }: Resource): boolean {
  const kind = kindOf({ type });
  if (kind === "redis:NodeMaintenance") return props.inMaintenance !== true;
  if (kind === "redis:MaintenanceStep") return props.phase === "enter" && props.inMaintenance !== true;
  if (kind === "redis:NodeAction") return takingAway.includes(props.action) && props.status !== "completed";
  return kind === "redis:NodeRemoval" && props.removed !== true;
}

/** A failover and maintenance in one update: if one of them goes wrong, nobody can tell by which. */
export function failoverBesideMaintenance(resources: readonly Resource[]): string | undefined {
  const switching = resources.filter(isSwitching);
  const away = resources.filter(takesNodeAway);
  if (switching.length === 0 || away.length === 0) return undefined;
  return `${listed(switching)} fails over, and ${listed(away)} takes a node away: do them in two updates`;
}

const forcing = ["force", "resolveBothActive", "allowOtherNodesUnavailable", "allowNodesInMaintenance"];

/** An input that goes ahead in spite of what is seen, without a reason that can be read afterwards. */
export function forcedWithoutReason(resource: Resource, { override }: Settings): string | undefined {
  if (kindOf(resource) === undefined || override?.trim()) return undefined;
  const inputs = forcing.filter((input) => resource.props[input] === true);
  if (inputs.length === 0) return undefined;
  return `${inputs.join(" and ")} of ${resource.name} needs a reason: pulumi config set clusterops:override "..."`;
}

/** A stack of production whose connections may be used at any time. */
export function withoutWindows(
  resources: readonly Resource[],
  production: RegExp,
  { guards }: Settings,
): string | undefined {
  const own = resources.filter((resource) => kindOf(resource) !== undefined);
  if (!own.some(({ urn }) => production.test(stackOf(urn)))) return undefined;
  const all = guardsIn(guards);
  const open = [...new Set(own.flatMap(connectionsOf))].filter((name) => {
    const windows = all[name]?.windows ?? all["*"]?.windows;
    return !Array.isArray(windows) || windows.length === 0;
  });
  if (open.length === 0) return undefined;
  return `no maintenance window for ${open.sort().join(", ")}: clusterops:guards has to say when something may be sent there`;
}

function guardsIn(text: string | undefined): Record<string, { windows?: unknown } | undefined> {
  try {
    const value: unknown = JSON.parse(text ?? "{}");
    return typeof value === "object" && value !== null ? (value as ReturnType<typeof guardsIn>) : {};
  } catch {
    return {};
  }
}

/** The connections that a resource names. Settings that stand in the program itself have no name, and so no guard. */
function connectionsOf({ type, props }: Resource): string[] {
  const [system = ""] = kindOf({ type })?.split(":") ?? [];
  const { clusters, nodes, director, connection } = props;
  const named = [
    ...(typeof clusters === "object" && clusters !== null ? Object.values(clusters) : []),
    ...(Array.isArray(nodes) ? nodes : []),
    director,
  ].filter((one) => one !== undefined);
  const all = named.length > 0 ? named : [connection ?? system];
  return all.map((one) => (typeof one === "string" ? one : "an inline connection"));
}

/** `urn:pulumi:production::shop::...`. */
function stackOf(urn: string): string {
  return urn.split("::")[0]?.split(":")[2] ?? "";
}

function listed(resources: readonly Resource[]): string {
  return resources.map(({ name }) => name).join(", ");
}
