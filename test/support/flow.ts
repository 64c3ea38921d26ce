import assert from "node:assert/strict";
import type { PulumiProject } from "../../scripts/pulumi-project.ts";
import type { Counts, RequestRecord } from "../../simulators/index.ts";

/** What a flow runs on: a simulator (or several), and a project whose stack is configured for it. */
export interface Harness<S> {
  system: S;
  project: PulumiProject;
}

interface Counted {
  readonly requests: readonly RequestRecord[];
  counts(): Counts;
  resetCounts(): void;
  close(): Promise<void>;
}

/**
 * One step of a flow, with the number of mutating requests that it costs: no more, no less.
 *
 * @param sentence continues the flow's title
 */
export type Step<S> = (
  sentence: string,
  mutating: number,
  run: (harness: Harness<S>) => Promise<void>,
) => void;

/**
 * What a user does on the real CLI, in steps that build on each other: after a step that fails, the others are skipped. Each `up`
 * takes seconds, so a flow is the cheapest way to test many things.
 */
export function flow<S extends Counted>(
  title: string,
  open: () => Promise<Harness<S>>,
  define: (step: Step<S>) => void,
): void {
  describe(title, function () {
    this.timeout(120_000);
    let harness: Harness<S> | undefined;
    let isBroken = true;

    before(async () => {
      harness = await open();
      isBroken = false;
    });

    after(async () => {
      await harness?.project.remove();
      await harness?.system.close();
    });

    define((sentence, mutating, run) => {
      it(`${sentence} [${mutating} mutating]`, async function () {
        if (!harness || isBroken) return this.skip();
        const { system } = harness;
        const before = system.requests.length;
        isBroken = true;
        system.resetCounts();
        await run(harness);
        const sent = system.requests.slice(before).filter((request) => request.mutating);
        const list = sent.map(({ method, path, status }) => `${method} ${path} -> ${status}`).join("\n");
        assert.equal(system.counts().mutating, mutating, list);
        isBroken = false;
      });
    });
  });
}
