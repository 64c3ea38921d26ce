import { lifecycleOf } from "../../provider/core/lifecycle/lifecycle.ts";
import type { CommonInputs } from "../../provider/core/lifecycle/resource.ts";
import { type StateResource, stateResource } from "../../provider/core/lifecycle/state-resource.ts";
import { contextFor } from "../support/context.ts";
import { type Flat, flat } from "../support/flat.ts";
import { plain } from "./client.ts";

interface Inputs extends CommonInputs {
  nodeUid: number;
}
interface Outputs {
  role: string | undefined;
}
export type Fake = StateResource<Inputs, Outputs, string>;

/** A resource with the inputs of ReplicaNode that does nothing, but for what a test wants of it. */
export function fake(parts: Partial<Fake> = {}): Flat {
  return flat(
    lifecycleOf(
      stateResource<Inputs, Outputs, string>({
        system: plain,
        type: "ReplicaNode",
        timeout: "1m",
        id: ({ nodeUid }) => String(nodeUid),
        subject: ({ nodeUid }) => `plain node ${nodeUid}`,
        observe: async () => "slave",
        converge: async () => "slave",
        outputs: (role) => ({ role }),
        ...parts,
      }),
    ),
  );
}

export const inputs = { nodeUid: 2 };
export const endpoint = "https://host.test";

/** A context with one connection, whose token must not show anywhere. */
export const freshContext = () => contextFor({ plain: { endpoint, token: "planted-token" } });
