/* What the doors of Pulumi know alike of an update. */

/** Said of the whole update, not of one resource. */
export const skipsCheckpoints =
  "PULUMI_SKIP_CHECKPOINTS is set, so the state is written only at the end of the update: if pulumi is killed before that, nothing is on record of the runs that it has begun, and the next pulumi up may run them once more";

/** What is to be known of a run that is about to begin. */
export interface Attempt {
  /** It replaces one that came to its end (`--replace`, `pulumi state taint`): what its companion saw came before that one. */
  forced: boolean;
  /** Why a run that is killed may run twice, if so. */
  unrecorded?: string;
}

/** What then may happen. */
export const risk =
  "if pulumi is killed before the run is in the state, the next pulumi up may run it once more";

export function areCheckpointsSkipped(env: NodeJS.ProcessEnv): boolean {
  return /^(1|true)$/i.test(env.PULUMI_SKIP_CHECKPOINTS ?? "");
}

/** Memory stands among the properties: the engine has no other place. Keys with two underscores stay out of the CLI's display. */
export const memoryKey = "__memory";
