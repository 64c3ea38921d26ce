import { engineUnknown } from "../../doors/shared/engine-unknown.ts";
import { resources as aspire } from "../../provider/aspire/index.ts";
import type { ConfigSource } from "../../provider/core/connection/configured.ts";
import type { Connection } from "../../provider/core/connection/settings.ts";
import { containsUnknown, unknown } from "../../provider/core/data/unknown.ts";
import { isObject } from "../../provider/core/data/values.ts";
import type { Spec } from "../../provider/core/lifecycle/resource.ts";
import { resources as factfinder } from "../../provider/factfinder/index.ts";
import { resources as redis } from "../../provider/redis/index.ts";
import { resources as tcf } from "../../provider/tcf/index.ts";
import type { RealStack } from "./real-stack.ts";
import type { Step, StepState } from "./steps.ts";

const specs = new Map(
  [redis, tcf, factfinder, aspire]
    .flat()
    .map((spec): [string, Spec] => [`${spec.system.name}:${spec.type}`, spec]),
);

/** What a rehearsal goes by where a program does not say it. */
export type Reference = string | Connection | undefined;

/** One resource of ours that the program declares, or that the state has. */
export interface Wanted {
  urn: string;
  /** E.g. `redis:NodeMaintenance`. */
  type: string;
  spec: Spec;
  inputs: Record<string, unknown>;
  /** Where its connections are looked up: the stack's configuration, or its provider's arguments. */
  config: ConfigSource;
}

/** @throws Error where others' resources are declared, or an installation is not known before something else is made */
export function wantedBy(stack: RealStack): Wanted[] {
  const { steps } = stack;
  const foreign = steps.filter((step) => isForeign(stateOf(step)));
  if (foreign.length > 0)
    throw new Error(
      `this program declares resources of other providers, which a rehearsal would really create; nothing was done:\n${[...new Set(foreign.map(({ urn }) => `  ${urn}`))].join("\n")}`,
    );
  const wanted = steps.flatMap((step): Wanted[] => {
    const state = stateOf(step);
    const type = ourType(state?.type ?? "");
    const spec = type === undefined ? undefined : specs.get(type);
    if (!state || type === undefined || !spec) return [];
    return [{ urn: step.urn, type, spec, inputs: inputsOf(state), config: configOf(stack, state) }];
  });
  const unclear = wanted.filter(({ spec, inputs }) =>
    containsUnknown([inputs.connection, spec.connections(inputs)]),
  );
  if (unclear.length > 0)
    throw new Error(
      `where these lead is not known before another resource is made, so that no simulator can stand for it:\n${unclear.map(({ urn }) => `  ${urn}`).join("\n")}`,
    );
  return wanted;
}

function inputsOf({ inputs = {} }: StepState): Record<string, unknown> {
  const known = (value: unknown): unknown => {
    if (value === engineUnknown) return unknown;
    if (Array.isArray(value)) return value.map(known);
    return isObject(value)
      ? Object.fromEntries(Object.entries(value).map(([key, item]) => [key, known(item)]))
      : value;
  };
  return known(inputs) as Record<string, unknown>;
}

function stateOf({ newState, oldState }: Step): StepState | undefined {
  return newState ?? oldState;
}

function isForeign(state: StepState | undefined): boolean {
  if (!state?.custom) return false;
  const { type } = state;
  return (
    ourType(type) === undefined && !/^pulumi:(pulumi:Stack|providers:(clusterops|pulumi-nodejs))$/.test(type)
  );
}

/** `redis:NodeMaintenance` of the type tokens of both doors. */
function ourType(token: string): string | undefined {
  return /^(?:pulumi-nodejs:dynamic\/)?clusterops[:/](\w+:\w+)$/.exec(token)?.[1];
}

function configOf({ config, steps }: RealStack, { provider = "" }: StepState): ConfigSource {
  const found = steps.find(({ urn }) => provider.startsWith(`${urn}::`));
  const given = (found && stateOf(found))?.inputs?.connections;
  const values: Record<string, string | undefined> = Object.fromEntries(
    Object.entries(config).map(([key, { value }]) => [key, value]),
  );
  if (given !== undefined)
    values["clusterops:connections"] = typeof given === "string" ? given : JSON.stringify(given);
  return Object.assign((key: string) => values[key], { keys: () => Object.keys(values) });
}
