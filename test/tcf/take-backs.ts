import assert from "node:assert/strict";
import { Incomplete } from "../support/flat.ts";
import { failureOf, type Scene, wanted } from "./scene.ts";

/** A failover, and the inputs of one that has to stand for some time. */
export const both = ["demote cluster1", "promote cluster2"];
export const standing = wanted({ stableFor: "2s" });

/** The coordinator takes each switch to cluster2 back, so many milliseconds after the promote. */
export function takesBack({ tcf }: Scene, after: number, times = 1): void {
  let left = times;
  tcf.watch(({ path }) => {
    if (path === "/tcf/promote" && left-- > 0) tcf.failOverIn(after);
  });
}

/** An up that fails of a take-back. */
export async function takenBack(scene: Scene): Promise<Error> {
  takesBack(scene, 1_200);
  const error = await failureOf(scene.stack.up(standing));
  assert.ok(error instanceof Incomplete);
  return error;
}
