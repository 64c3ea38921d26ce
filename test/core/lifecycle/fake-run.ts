import { lifecycleOf } from "../../../provider/core/lifecycle/lifecycle.ts";
import { type RunInputs, type RunResource, runResource } from "../../../provider/core/lifecycle/run.ts";
import { type Flat, flat } from "../../support/flat.ts";
import { plain } from "../client.ts";

export interface Inputs extends RunInputs {
  seedId: string;
}
export type FakeRun = RunResource<Inputs, { message: string }, { task?: string }>;

/** A run with the inputs of CrawlFailure that remembers how it was called. */
export function fakeRun(parts: Partial<FakeRun> = {}, runs: unknown[] = []): Flat {
  return flat(
    lifecycleOf(
      runResource<Inputs, { message: string }, { task?: string }>({
        system: plain,
        type: "CrawlFailure",
        timeout: "1m",
        id: ({ seedId }) => seedId,
        subject: ({ seedId }) => `plain seed ${seedId}`,
        run: async (_scope, _inputs, unfinished) => {
          runs.push(unfinished);
          return { message: `run ${runs.length}` };
        },
        ...parts,
      }),
    ),
  );
}
