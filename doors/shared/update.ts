import { types } from "../../provider/index.ts";

/* What the doors of Pulumi know alike of an update. */

/** Said of the whole update, not of one resource. */
export const skipsCheckpoints =
  "PULUMI_SKIP_CHECKPOINTS is set, so the state is written only at the end of the update: if pulumi is killed before that, nothing is on record of the runs that it has begun, and the next pulumi up may run them once more";

/** Tells resources of one program apart: the URN without stack and project, whose recorded names are stale after `pulumi stack rename`. */
export function place(urn: string): string {
  return urn.split("::").slice(2).join("::");
}

export function areCheckpointsSkipped(env: NodeJS.ProcessEnv): boolean {
  return /^(1|true)$/i.test(env.PULUMI_SKIP_CHECKPOINTS ?? "");
}

/** Memory stands among the properties: the engine has no other place. Keys with two underscores stay out of the CLI's display. */
export const memoryKey = "__memory";

/** Whether runs of this type have a companion, which records ahead what was there before them, e.g. `redis:NodeAction`. */
export function hasCompanion(type: string): boolean {
  return types.includes(`${type}Intent`);
}

/** Whether it is the type of such a companion. */
export function isCompanion(type: string): boolean {
  return type.endsWith("Intent");
}
