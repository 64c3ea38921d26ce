import { type Approval, type Approved, type FactsLine, tokenOf } from "../../provider/core/data/approval.ts";
import type { Plan, Planned } from "./plan.ts";
import { placeOf } from "./pulumi.ts";

/** The fingerprint of a plan, or why there is none. */
export type Fingerprint = { token: string } | { missing: string };

/** Of what the provider has said that it has looked at, and of what is to be deleted. */
export function fingerprintOf(plan: Plan): Fingerprint {
  const { tool, program, resources } = plan;
  const own = resources.filter(({ isOurs }) => isOurs);
  if ([plan, ...resources].some(({ errors }) => errors.length > 0))
    return { missing: "what is refused is not there to be approved" };
  if (plan.mute !== undefined) return { missing: plan.mute };
  const approved: Approved["resources"] = {};
  for (const { key, action, looked } of own) {
    for (const line of looked) approved[line.resource] = { ...approved[line.resource], ...approvalIn(line) };
    const isDeleted = action === "delete" || action === "replace";
    // The engine of Pulumi asks nobody about deletes: the steps of the preview tell of them.
    if (tool === "pulumi" && isDeleted)
      approved[placeOf(key)] = { facts: {}, ...approved[placeOf(key)], isDeleted: true };
  }
  const untold = own.filter((one) => isUnseen(one, tool));
  if (untold.length > 0) {
    const names = untold.map(({ name }) => name).join(", ");
    return {
      missing: `${names}: nothing was said of what was looked at. Set CLUSTEROPS_EXPECT=report for the ${tool === "pulumi" ? "preview" : "plan"}`,
    };
  }
  return { token: tokenOf({ ...(tool === "pulumi" && { program }), resources: approved }) };
}

/** Something is going to be sent, or may be, and what that rests on is not known. A delete is told of apart, and refused where it was not. */
function isUnseen({ lines, warnings, looked, action }: Planned, tool: Plan["tool"]): boolean {
  const mayBeSent =
    tool === "terraform" && action !== undefined && action !== "delete" && warnings.length > 0;
  return looked.length === 0 && (lines.length > 0 || mayBeSent);
}

function approvalIn({ inputs, facts, at, isDeleted }: FactsLine): Approval {
  return {
    facts,
    ...(inputs !== undefined && { inputs }),
    ...(at && { at }),
    ...(isDeleted && { isDeleted }),
  };
}
