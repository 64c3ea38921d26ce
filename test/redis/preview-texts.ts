import assert from "node:assert/strict";
import type { RedisOptions } from "../../simulators/index.ts";
import { type Case, type Harness, refused } from "./cluster.ts";

/** What a preview says: a plan, a warning, or why it refuses. */
export interface PreviewText {
  of: string;
  inputs?: object;
  arrange?(harness: Harness): unknown;
  cluster?: RedisOptions;
  plan?: string;
  warning?: string | string[];
  refusal?: RegExp;
}

/** The action runs on node 2, and does not end. */
export const running = (action: string) => (harness: Harness) => {
  harness.redis.plan({ held: true, actionMs: 0 });
  harness.node.start(action);
};

/** Each as the behaviour of a resource that is new. */
export function previewTexts(rows: PreviewText[], usual: object = { nodeUid: 2 }): Case[] {
  return rows.map(({ of, inputs = usual, arrange, cluster, plan, warning, refusal }) => ({
    it: `says of ${of}: ${plan ?? warning ?? refusal?.source}`,
    mutating: 0,
    cluster,
    async run(harness) {
      await arrange?.(harness);
      const preview = harness.stack.preview({ ...inputs });
      if (refusal) await refused(preview, refusal);
      else assert.equal(await preview, "create");
      assert.deepEqual(harness.said.plans, plan === undefined ? [] : [plan]);
      assert.deepEqual(harness.said.warnings, warning === undefined ? [] : [warning].flat());
    },
  }));
}
