import assert from "node:assert/strict";
import type { PulumiProject } from "../../scripts/pulumi-project.ts";
import type { Counts, RequestRecord } from "../../simulators/index.ts";

/** What a flow plays on: a system in small (or several), and a project whose stack knows where it is. */
export interface Stage<S> {
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
 * @param sentence goes on where the flow's title ends
 */
export type Step<S> = (sentence: string, mutating: number, play: (stage: Stage<S>) => Promise<void>) => void;

/**
 * What a user does on the real CLI, told in steps that build on each other: after a step that fails, the others are skipped.
 * Each `up` takes seconds, so that a flow is the cheapest way to ask many questions.
 */
export function flow<S extends Counted>(
  title: string,
  open: () => Promise<Stage<S>>,
  tell: (step: Step<S>) => void,
): void {
  describe(title, function () {
    this.timeout(120_000);
    let stage: Stage<S> | undefined;
    let isBroken = true;

    before(async () => {
      stage = await open();
      isBroken = false;
    });

    after(async () => {
      await stage?.project.remove();
      await stage?.system.close();
    });

    tell((sentence, mutating, play) => {
      it(`${sentence} [${mutating} mutating]`, async function () {
        if (!stage || isBroken) return this.skip();
        const { system } = stage;
        const before = system.requests.length;
        isBroken = true;
        system.resetCounts();
        await play(stage);
        const sent = system.requests.slice(before).filter((request) => request.mutating);
        const list = sent.map(({ method, path, status }) => `${method} ${path} -> ${status}`).join("\n");
        assert.equal(system.counts().mutating, mutating, list);
        isBroken = false;
      });
    });
  });
}
