import { containsUnknown } from "../../core/data/unknown.ts";
import type { Forecast } from "../../core/lifecycle/resource.ts";
import type { Scope } from "../../core/work/scope.ts";
import { getDatabaseState } from "../client.ts";
import { differences, gapsOf, gapWarnings, swapsOf, versionsOf } from "../comparison.ts";
import { blaming, forPreview } from "../preview.ts";
import { labelOf, severalEndpoints } from "../system.ts";
import { compareFleet, halfOf, type NodeState, openFleet } from "./fleet.ts";
import type { DatabaseSyncInputs } from "./inputs.ts";

/** Which nodes are behind, by what, and what that takes. */
export async function forecastSync(scope: Scope, inputs: DatabaseSyncInputs): Promise<Forecast> {
  const { channel, reload = "ifNeeded", maxParallel, triggers } = inputs;
  const fleet = openFleet(scope, inputs);
  const ahead = {
    channel,
    director: forPreview(fleet.director),
    nodes: fleet.nodes.map(forPreview),
    readDirector: () => getDatabaseState(ahead.director, channel, scope),
    // A node that is down is worth a word, not a wait.
    patience: "once",
  } as const;
  const { director, nodes } = await blaming("director", () => compareFleet(scope, ahead));
  const needsReload = ({ database }: NodeState) =>
    (database?.databaseVersion ?? director.databaseVersion) < director.databaseVersion;
  const behind = nodes.filter(({ inSync, database }) => !inSync && database);
  const warnings = [
    ...swapsOf(channel, director, nodes),
    ...fleet.nodes.flatMap(({ id }, index) =>
      id === fleet.director.id ? `nodes[${index}] is the director itself, which is never behind itself` : [],
    ),
    ...gapWarnings(fleet.director, gapsOf(channel, director, nodes)),
    ...nodes.flatMap(({ label, problem }) =>
      problem ? `${label} cannot be read, so it cannot be synchronised: ${problem}` : [],
    ),
    ...behind
      .filter((node) => reload === "never" && needsReload(node))
      .map(({ label }) => `${label} needs a reload of channel ${channel}, and reload is "never"`),
    ...fleet.nodes.flatMap(severalEndpoints),
  ];
  if (containsUnknown(triggers)) {
    // What they wait for, a prune most likely, will have moved the director on by then.
    const list = nodes.map(({ label }) => label).join(", ");
    const slots = Math.min(maxParallel ?? halfOf(nodes), nodes.length);
    return {
      plan: `channel ${channel}: sync ${list} with what ${labelOf(fleet.director)} will have by then (now ${versionsOf(director)}); at most ${slots} at a time`,
      warnings,
    };
  }
  const goal = `${labelOf(fleet.director)} (${versionsOf(director)})`;
  if (behind.length === 0) {
    const count = nodes.filter(({ inSync }) => inSync).length;
    return {
      plan: `channel ${channel}: ${count} of ${nodes.length} nodes are in sync with ${goal}`,
      warnings,
      isGuarded: false,
    };
  }
  const list = behind.map((node) => {
    const how = needsReload(node) ? ": reload" : "";
    return `${node.label} (${differences(node.database ?? {}, director)}${how})`;
  });
  const slots = Math.min(maxParallel ?? halfOf(nodes), behind.length);
  return {
    plan: `channel ${channel}: sync with ${goal} ${list.join(", ")}; at most ${slots} at a time; a node with useClusterSync may get there by itself`,
    warnings,
  };
}
