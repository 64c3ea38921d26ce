import { isObject } from "./values.ts";

/** Stands in a preview for a value that is not known yet. Doors translate their own mark into this one. */
export const unknown: unique symbol = Symbol.for("pulumi-clusterops.unknown");

export function isUnknown(value: unknown): value is typeof unknown {
  return value === unknown;
}

/** True when the value is unknown or holds an unknown at any depth. */
export function containsUnknown(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(containsUnknown);
  return isUnknown(value) || (isObject(value) && Object.values(value).some(containsUnknown));
}
