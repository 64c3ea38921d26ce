import { reworded, toldOf } from "../core/data/errors.ts";
import { type RunInputs, runResource } from "../core/lifecycle/run.ts";
import { effects, resetConfigVersionCounters } from "./client.ts";
import { isInDoubt, sendUntilAnswered } from "./sending.ts";
import { factfinder, labelOf, nameOf, severalEndpoints } from "./system.ts";

/**
 * Sets the config version counters of one node to 0, once: global, channel-specific and properties. `connection` is the node.
 * Needs the role ApiConfig. Nothing tells the counters: success means that the node has accepted the call, and no more is known.
 * https://docs.fact-finder.com/api-reference/cluster
 */
export interface ConfigVersionResetInputs extends RunInputs {}

export interface ConfigVersionResetOutputs {
  /** What the node said when it accepted the call; empty where it said nothing. */
  response: string;
}

export const configVersionReset = runResource<ConfigVersionResetInputs, ConfigVersionResetOutputs>({
  system: factfinder,
  type: "ConfigVersionReset",
  timeout: "5m",
  id: ({ connection }) => nameOf(connection),
  subject: ({ connection }) => `factfinder node ${nameOf(connection)}`,
  async run(scope) {
    const response = await sendUntilAnswered(scope, {
      what: "reset of the config version counters",
      on: "config version counters",
      does: "reset",
      ...effects.reset,
      send: (permit) => resetConfigVersionCounters(scope.http, permit, scope),
    }).catch((error) => {
      if (!isInDoubt(error, scope)) throw error;
      const doubt = "whether the counters were reset is not known: another reset does no harm";
      throw reworded(error, `${toldOf(error, scope)}; ${doubt}`);
    });
    scope.progress("reset of the config version counters accepted by the node");
    return { response };
  },
  plan: async ({ http }) => ({
    plan: `${labelOf(http)}: reset config version counters`,
    warnings: severalEndpoints(http),
  }),
});
