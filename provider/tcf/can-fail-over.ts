import type { Connection } from "../core/connection/settings.ts";
import { InputError } from "../core/data/errors.ts";
import { type Possibility, possibilityOf } from "../core/lifecycle/possible.ts";
import type { FunctionArgs, ReadFunction } from "../core/lifecycle/read-function.ts";
import type { Scope } from "../core/work/scope.ts";
import { activeCluster } from "./active-cluster/index.ts";
import type { ActiveClusterInputs } from "./active-cluster/inputs.ts";
import { forecastFailover } from "./active-cluster/plan.ts";
import { is } from "./federation.ts";
import { closely, lookAtBoth, recallingBoth, sidesOf } from "./look.ts";
import { tcf } from "./system.ts";

/**
 * Whether a federation could fail over now: for health checks, and for pipelines that ask before they begin. From reads only; it announces
 * and reserves nothing. `minutesBetweenSwitches` of guards is not among what is judged: when the last switch was, the resource remembers.
 */
export interface CanFailOverArgs extends FunctionArgs {
  /** Both clusters, as the input of `ActiveCluster`: the name of each, and the connection that leads to its own endpoints. */
  clusters: Record<string, string | Connection>;
  /** Name of the cluster that is to be active. Default: the one that is not. @minLength 1 */
  active?: string;
  /** As the input of `ActiveCluster`: a cluster that cannot be reached is no obstacle to the other one's promotion then. @default false */
  force?: boolean;
  /** As the input of `ActiveCluster`: which calls the `plan` has. @default "demoteThenPromote" */
  strategy?: "demoteThenPromote" | "toggle";
  /** As the input of `ActiveCluster`: two active clusters are no obstacle then. @default false */
  resolveBothActive?: boolean;
  /** Not used here: each entry of `clusters` says how its cluster is reached. */
  connection?: string | Connection;
}

export interface CanFailOverResult extends Possibility {
  /** The cluster that would be active, as it was asked for, or is not now. Absent where that cannot be told. */
  active?: string;
}

/** The plan of an ActiveCluster, and the guards of both connections, as an answer. */
export const canFailOver: ReadFunction<CanFailOverArgs, CanFailOverResult> = {
  system: tcf,
  name: "canFailOver",
  async call(scope, { connection: _, ...args }, context) {
    const asked = args.active ?? (await passiveOf(scope, args.clusters));
    const active = asked ?? Object.keys(args.clusters)[0];
    const possibility = await possibilityOf(activeCluster, context, scope, { ...args, active }, (inputs) =>
      forecastFailover(scope, inputs as unknown as ActiveClusterInputs, undefined, { isUpdate: false }),
    );
    return { ...possibility, ...(asked !== undefined && { active: asked }) };
  },
};

/** The cluster that is not active. Undefined: none, or it cannot be told; what is in the way then the plan says. */
async function passiveOf(scope: Scope, clusters: CanFailOverArgs["clusters"]): Promise<string | undefined> {
  if (Object.keys(clusters).length !== 2) return undefined;
  const options = { signal: scope.signal, patience: "once" } as const;
  try {
    // What is read here is what the plan rests on.
    const sides = recallingBoth(sidesOf(scope, clusters));
    const federation = await lookAtBoth(sides, options, { recorded: new Map() }, closely);
    return federation.find((member) => !member.trouble && is(member, "passive"))?.name;
  } catch (error) {
    if (error instanceof InputError) return undefined;
    throw error;
  }
}
