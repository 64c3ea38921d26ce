import assert from "node:assert/strict";
import type { RedisOptions } from "../../simulators/index.ts";
import { type Case, refused, type Scene } from "./cluster.ts";

/** What a preview says: a plan, a warning, or why it refuses. */
export interface PreviewText {
  of: string;
  inputs?: object;
  arrange?(scene: Scene): unknown;
  cluster?: RedisOptions;
  plan?: string;
  warning?: string | string[];
  refusal?: RegExp;
}

/** The action runs on node 2, and does not end. */
export const running = (action: string) => (scene: Scene) => {
  scene.redis.plan({ held: true, actionMs: 0 });
  scene.node.start(action);
};

/** Each as the behaviour of a resource that is new. */
export function previewTexts(rows: PreviewText[], usual: object = { nodeUid: 2 }): Case[] {
  return rows.map(({ of, inputs = usual, arrange, cluster, plan, warning, refusal }) => ({
    it: `says of ${of}: ${plan ?? warning ?? refusal?.source}`,
    mutating: 0,
    cluster,
    async play(scene) {
      await arrange?.(scene);
      const preview = scene.stack.preview({ ...inputs });
      if (refusal) await refused(preview, refusal);
      else assert.equal(await preview, "create");
      assert.deepEqual(scene.said.plans, plan === undefined ? [] : [plan]);
      assert.deepEqual(scene.said.warnings, warning === undefined ? [] : [warning].flat());
    },
  }));
}
