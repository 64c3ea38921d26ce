import type { Scope } from "../work/scope.ts";
import { type IntentRecord, intentOf, nameOf, unusedRecords } from "./intent.ts";
import type { Properties, Spec } from "./resource.ts";
import { inputsWithoutRerun, type RunInputs, type RunResource, runResource } from "./run.ts";

/**
 * The companion of a run resource: registered ahead of it with the same inputs, it reads, and only reads, what the system
 * shows before the run begins (intent.ts says why). Looks again whenever the run is to run again.
 *
 * @param look what tells the run's job from an older one, in the spelling of the run's own handle
 */
export function intentResource<I extends RunInputs>(
  run: Pick<
    RunResource<I, object, object>,
    "system" | "type" | "id" | "subject" | "noRerunOn" | "connections"
  >,
  look: (scope: Scope, inputs: I) => Promise<Record<string, unknown>>,
): Spec {
  const noRerunOn = inputsWithoutRerun(run);
  return runResource<I, { before: IntentRecord }>({
    ...run,
    type: `${run.type}Intent`,
    timeout: "2m",
    async run(scope, inputs) {
      const intent = intentOf(run.type, { ...inputs } as Properties, noRerunOn);
      const before = { intent, seen: await look(scope, inputs) };
      unusedRecords(scope.session).add(nameOf(before));
      return { before };
    },
  });
}
