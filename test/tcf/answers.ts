import assert from "node:assert/strict";
import type { Properties } from "../rules/door.ts";
import type { Scene } from "./scene.ts";

const always = Number.POSITIVE_INFINITY;

export const endpointOf = (scene: Scene, name: string) => `${scene.tcf.cluster(name).id}/0`;

/** What this cluster's `/tcf/clusters` answers from now on. */
export function lists(scene: Scene, name: string, list: object[], times = always) {
  return scene.tcf.fault({
    kind: "status",
    status: 200,
    body: JSON.stringify(list),
    contentType: "application/json",
    times,
    match: { endpoint: endpointOf(scene, name), path: "/tcf/clusters" },
  });
}
/** An update that no preview came before. */
export async function unannounced(scene: Scene, inputs: Properties): Promise<Properties> {
  const { id = "", outputs = {} } = scene.stack.state ?? {};
  const checked = await scene.session.check(scene.stack.state?.inputs, inputs, false);
  assert.deepEqual(checked.failures, []);
  return (await scene.session.update(id, outputs, checked.inputs)).outputs;
}
