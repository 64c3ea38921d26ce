import type { LateEffect } from "../work/late-effects.ts";
import type { WaitRecord } from "../work/scope.ts";
import type { Properties } from "./resource.ts";

/*
 * What the provider has to remember between runs, apart from the outputs that users see. A door says where it is kept; it is never shown,
 * and holds no credential.
 */

/** The version of the shape below. */
const version = 1;

/** On which installation something stands. */
export interface InstallationRecord {
  /** Its endpoints, by the input that names the connection. */
  endpoints: { [property: string]: string[] };
}

export interface Memory {
  v: typeof version;
  /** Absent in what version 0.1.0 recorded. */
  installation?: InstallationRecord;
  /** Of work that was not finished, or has failed (`failed`): what tells ours from another's. */
  handle?: Record<string, unknown>;
  /**
   * Names the record of what was there before the run, where the attempt that it was made for has ended, and provably had nothing done:
   * what came since is not of this run.
   */
  usedRecord?: string;
  /** The waits of the last piece of work, for the timeline. */
  waits?: WaitRecord[];
  /** Requests of the last operation that may yet take effect. */
  late?: LateEffect[];
  /** When it last switched a federation, or a refresh saw that somebody had: milliseconds since the epoch. */
  switchedAt?: number;
}

/** A resource as it was recorded: what users see, inputs among it, and what is remembered beside it. */
export interface Recorded {
  outputs: Properties;
  memory?: Memory;
}

/** How version 0.1.0 kept it: among the outputs. */
const [handleKey, waitsKey] = ["__unfinished", "__waits"];

/**
 * What was recorded, in today's shape, whichever version did.
 *
 * @param properties outputs as a door gets them from its engine
 * @param memory what the door has kept beside them, if anything
 * @throws Error where a newer version of this package recorded it in a shape that this one does not know
 */
export function recordedIn(properties: Properties, memory: unknown): Recorded {
  const { [handleKey]: handle, [waitsKey]: waits, ...outputs } = properties;
  const own = memory as Memory | undefined;
  if (own !== undefined) {
    if (own.v !== version)
      throw new Error(
        `this resource was recorded by a newer version of pulumi-clusterops (memory v${String(own.v)}, this one knows v${version}): use that version`,
      );
    return { outputs, memory: own };
  }
  if (handle === undefined && waits === undefined) return { outputs };
  return {
    outputs,
    memory: {
      v: version,
      ...(handle !== undefined && { handle: handle as Record<string, unknown> }),
      ...(waits !== undefined && { waits: waits as WaitRecord[] }),
    },
  };
}

/** Memory without what there is none of; undefined where nothing is to be remembered. */
export function remembering(parts: Omit<Memory, "v">): Memory | undefined {
  const told = Object.entries(parts).filter(
    ([, part]) => part !== undefined && !(Array.isArray(part) && part.length === 0),
  );
  return told.length === 0 ? undefined : { v: version, ...Object.fromEntries(told) };
}

/** The same memory where nothing has changed in it. */
export function changedBy(
  memory: Memory | undefined,
  changes: Partial<Omit<Memory, "v">>,
): Memory | undefined {
  return Object.keys(changes).length === 0 ? memory : remembering({ ...memory, ...changes });
}
