import { isDeepStrictEqual } from "node:util";
import type { Properties, Spec } from "../../provider/core/lifecycle/resource.ts";
import type { Scope } from "../../provider/core/work/scope.ts";

/** What a resource stands for: a state of the system, or one execution of a job. */
export function kindOf({ kind }: Spec): "state" | "run" {
  return kind;
}

/** Whether a run runs again when this input changes. */
export function rerunsOn(spec: Spec, input: string): Promise<boolean> {
  return looksAhead(spec, {}, { [input]: "changed" });
}

/** A run looks ahead only before it runs. There is no system here, so an attempt to read ends with an error, which counts as a look. */
async function looksAhead(spec: Spec, recorded: Properties, inputs: Properties): Promise<boolean> {
  const nowhere = {} as Scope;
  try {
    return !isDeepStrictEqual(await spec.plan(nowhere, inputs, recorded, { isUpdate: false }), {});
  } catch {
    return true;
  }
}
