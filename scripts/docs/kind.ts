import { isDeepStrictEqual } from "node:util";
import type { Properties, Spec } from "../../provider/core/lifecycle/resource.ts";
import type { Scope } from "../../provider/core/work/scope.ts";

/** What a resource stands for: a state of the system, or one execution of a job. */
export async function kindOf(spec: Spec): Promise<"state" | "run"> {
  return (await looksAhead(spec, {}, {})) ? "state" : "run";
}

/** Whether a run runs again when this input changes. */
export function rerunsOn(spec: Spec, input: string): Promise<boolean> {
  return looksAhead(spec, {}, { [input]: "changed" });
}

/**
 * A spec has no field for its kind, but its preflight tells: a state is read in every preview, a run only before it runs. There is
 * no system here, so an attempt to read ends with an error, which counts as a read.
 */
async function looksAhead(spec: Spec, recorded: Properties, inputs: Properties): Promise<boolean> {
  const nowhere = {} as Scope;
  try {
    return !isDeepStrictEqual(await spec.preflight(nowhere, inputs, recorded), {});
  } catch {
    return true;
  }
}
