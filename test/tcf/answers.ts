import assert from "node:assert/strict";
import type { Properties } from "../rules/door.ts";
import type { Harness } from "./harness.ts";

const always = Number.POSITIVE_INFINITY;

export const endpointOf = (harness: Harness, name: string) => `${harness.tcf.cluster(name).id}/0`;

/** What this cluster's `/tcf/clusters` answers from now on. */
export function lists(harness: Harness, name: string, list: object[], times = always) {
  return harness.tcf.fault({
    kind: "status",
    status: 200,
    body: JSON.stringify(list),
    contentType: "application/json",
    times,
    match: { endpoint: endpointOf(harness, name), path: "/tcf/clusters" },
  });
}
/** An update that no preview came before. */
export async function unannounced(harness: Harness, inputs: Properties): Promise<Properties> {
  const { id = "", outputs = {} } = harness.stack.state ?? {};
  const checked = await harness.session.check(harness.stack.state?.inputs, inputs, false);
  assert.deepEqual(checked.failures, []);
  return (await harness.session.update(id, outputs, checked.inputs)).outputs;
}
