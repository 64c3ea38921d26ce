import type { Spec } from "../core/resource.ts";

/** The resources of Redis Enterprise Software. */
export const resources: Spec[] = [];
/** Its functions. */
export const functions = [];
