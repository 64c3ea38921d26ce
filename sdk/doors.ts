import type * as Pulumi from "@pulumi/pulumi";
import { pulumi } from "./pulumi.ts";

/*
 * The two ways from a program to the systems: Pulumi's dynamic provider host, which needs nothing but this package, and the native plugin,
 * which a project names in Pulumi.yaml. The classes are the same, and a stack may go from one to the other.
 */

export type DoorName = "dynamic" | "native";

/** The type tokens of a resource behind each door. */
export function tokensOf(system: string, type: string): Record<DoorName, string> {
  return {
    dynamic: `pulumi-nodejs:dynamic/clusterops/${system}:${type}`,
    native: `clusterops:${system}:${type}`,
  };
}

/**
 * The door of a resource: the native one with an explicit `Provider`, its own or an ancestor's, or where the stack's configuration says
 * `clusterops:door: native`.
 */
export function doorOf(
  { provider, parent }: Pick<Pulumi.CustomResourceOptions, "provider" | "parent">,
  token: string,
): DoorName {
  const explicit = provider ?? parent?.getProvider(token);
  return isOurs(explicit) || usualDoor() === "native" ? "native" : "dynamic";
}

/** @throws RunError where configuration names no door */
export function usualDoor(): DoorName {
  const named = pulumi.runtime.getConfig("clusterops:door") ?? "dynamic";
  if (named === "dynamic" || named === "native") return named;
  throw new pulumi.RunError(
    `clusterops:door is ${JSON.stringify(named)}: it can be dynamic or native (pulumi config set clusterops:door native)`,
  );
}

function isOurs(provider: Pulumi.ProviderResource | undefined): boolean {
  // By its type: the program and its libraries may each have their copy of this package.
  return (provider as { __pulumiType?: string } | undefined)?.__pulumiType === "pulumi:providers:clusterops";
}
