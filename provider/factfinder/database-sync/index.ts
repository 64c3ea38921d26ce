import { isDeepStrictEqual } from "node:util";
import type { Connection } from "../../core/connection/settings.ts";
import type { Failure } from "../../core/data/inputs.ts";
import { asObject, decodedPart, withoutUndefined } from "../../core/data/values.ts";
import { handleOf } from "../../core/lifecycle/resource.ts";
import { stateResource } from "../../core/lifecycle/state-resource.ts";
import { channelFailures } from "../channels.ts";
import { factsOfDatabases } from "../facts.ts";
import { factfinder } from "../system.ts";
import { type FleetState, observeFleet, openFleet } from "./fleet.ts";
import type { DatabaseSyncInputs, DatabaseSyncOutputs } from "./inputs.ts";
import { forecastSync } from "./plan.ts";
import { type ReloadsAsked, syncFleet } from "./sync.ts";

export const databaseSync = stateResource<DatabaseSyncInputs, DatabaseSyncOutputs, FleetState>({
  system: factfinder,
  type: "DatabaseSync",
  timeout: "30m",
  replaceOn: ["channel"],
  onlyRead: ["director"],
  id: ({ channel }) => channel,
  inputsOf,
  subject: ({ channel }) => `factfinder channel ${channel}`,
  connections: ({ director, nodes }) => [
    ["director", director],
    ...nodes.map((node, index) => [`nodes[${index}]`, node] as [string, string | Connection]),
  ],
  validate: ({ channel, nodes }) => [...channelFailures("channel", channel), ...duplicates(nodes)],
  observe: (scope, inputs) => observeFleet(scope, openFleet(scope, inputs)),
  converge(scope, inputs, observed, recorded) {
    const asked = asObject(handleOf(recorded)?.asked) as ReloadsAsked;
    return syncFleet(scope, inputs, { asked, outputs }, observed as FleetState);
  },
  outputs,
  // A node that is behind drops out of the list, so that the next diff shows it being added.
  drift: ({ nodes }, inputs) =>
    nodes.every(({ inSync }) => inSync)
      ? {}
      : { nodes: inputs.nodes.filter((_, index) => nodes[index]?.inSync) },
  plan: forecastSync,
  facts(scope, inputs, _recorded, how) {
    const { channel, director, nodes } = openFleet(scope, inputs);
    return factsOfDatabases(scope, [channel], [director, ...nodes], how);
  },
});

/** `channel?director=d&nodes=w1,w2`, by the names of connections. */
function inputsOf(id: string): Partial<DatabaseSyncInputs> {
  const [, channel = "", director = "", nodes = ""] =
    /^([^?]+)\?director=([^&,]+)&nodes=([^&,]+(?:,[^&,]+)*)$/.exec(id) ?? [];
  if (channel === "")
    throw new Error(
      `${JSON.stringify(id)} is no id of a DatabaseSync: write channel?director=<connection>&nodes=<connection>,<connection>`,
    );
  return {
    channel: decodedPart(channel),
    director: decodedPart(director),
    nodes: nodes.split(",").map(decodedPart),
  };
}

/** The same node twice is a slip; spelled differently it is merely looked at twice. */
function duplicates(nodes: DatabaseSyncInputs["nodes"]): Failure[] {
  return nodes.flatMap((node, index) => {
    const first = nodes.findIndex((other) => isDeepStrictEqual(other, node));
    return first < index
      ? [{ property: `nodes[${index}]`, reason: `is the same node as nodes[${first}]` }]
      : [];
  });
}

function outputs({ director, nodes }: FleetState): DatabaseSyncOutputs {
  return {
    databaseVersion: director.databaseVersion,
    // Undefined where it is no longer told: what was recorded earlier must not stay.
    deltaVersion: director.deltaVersion,
    nodeStates: nodes.map(({ label, database, problem, inSync }) =>
      withoutUndefined({ node: label, ...database, inSync, problem }),
    ),
  };
}
