import type { Properties, Spec } from "./resource.ts";

/** What a resource is, in the vendor's words, as far as it is said in one: `redis.nodeUid`, `tcf.active`, `redis.taskId`. */
export function attributesOf(
  { system }: Pick<Spec, "system">,
  properties: Properties,
): Record<string, string | number | boolean> {
  const known = Object.entries(properties).flatMap(([name, value]) =>
    isPlain(value) && !name.startsWith("__") ? [[`${system.name}.${name}`, value] as const] : [],
  );
  return Object.fromEntries(known);
}

/** Lists may be long, and what has fields may be the settings of a connection. */
function isPlain(value: unknown): value is string | number | boolean {
  return ["string", "number", "boolean"].includes(typeof value);
}
