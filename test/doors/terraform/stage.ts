import assert from "node:assert/strict";
import type { RawObject } from "../../../doors/terraform/codec.ts";
import type { Diagnostic } from "../../../doors/terraform/diagnostics.ts";
import { resourceAt } from "../../../doors/terraform/schema.ts";
import { rawObject } from "../../../doors/terraform/values.ts";
import { startRedis } from "../../../simulators/index.ts";
import { type State, TerraformServer } from "./server.ts";

export const nothing: State = { state: null };
export const [window, action, intent] = [
  "clusterops_redis_node_maintenance",
  "clusterops_redis_node_action",
  "clusterops_redis_node_action_intent",
] as const;

/** A configuration of a resource, with null where nothing is written. */
export const config = (typeName: string, written: RawObject): RawObject => ({
  ...rawObject(resourceAt(typeName).attributes, {}),
  ...written,
});
export const texts = (diagnostics: Diagnostic[]) => diagnostics.map(({ summary }) => summary).join("\n");
export const dynamic = (type: unknown, value: unknown) => [Buffer.from(JSON.stringify(type)), value];

export async function open(options?: Parameters<typeof startRedis>[0]) {
  const redis = await startRedis({ actionMs: 20, ...options });
  const server = await TerraformServer.start({ redis: { endpoints: redis.endpoints } });
  /** Plan and apply, as one apply does it. */
  const make = async (typeName: string, written: RawObject, prior = nothing, by = server) => {
    const planned = await by.plan(typeName, prior, config(typeName, written));
    assert.equal(texts(planned.diagnostics.filter(({ severity }) => severity === 1)), "");
    return by.apply(typeName, prior, planned);
  };
  return {
    redis,
    server,
    make,
    another: () => TerraformServer.start({ redis: { endpoints: redis.endpoints } }),
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]();
      await redis[Symbol.asyncDispose]();
    },
  };
}
