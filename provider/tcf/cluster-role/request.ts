import type { SwitchRequest } from "../taken-back.ts";
import type { ClusterRoleInputs } from "./inputs.ts";
import type { OneSide } from "./one-side.ts";

export function callFor({ role }: ClusterRoleInputs): "promote" | "demote" {
  return role === "active" ? "promote" : "demote";
}

/** The cluster that the call makes, or helps to make, the active one. */
export function activeAfter(call: "promote" | "demote", { entry, others }: OneSide, name: string): string {
  const own = entry?.name ?? name;
  if (call === "promote") return own;
  return others.length === 1 ? (others[0]?.name ?? "") : `other than ${own}`;
}

/** What asks for a switch. */
export function requestOf({ role, force, stableFor }: ClusterRoleInputs): SwitchRequest {
  return { goal: role, force, stableFor };
}
