import { clock } from "../data/clock.ts";
import type { Properties } from "./resource.ts";

/** When a resource's last piece of work happened, and in spite of what. Absent where nothing had to be done. */
export interface Timing {
  /** ISO 8601: when the work began; for a resumed one, when the first attempt did. */
  startedAt?: string;
  /** ISO 8601: when its end had been seen and verified. */
  finishedAt?: string;
  /** Seconds from `startedAt` to `finishedAt`. */
  duration?: number;
  /** Why guards were overridden for it: the reason that was given. Absent where none stood in its way. */
  overridden?: string;
}

const timingKeys: readonly string[] = ["startedAt", "finishedAt", "duration", "overridden"];

/** The times of work that has just ended, or been interrupted (then without an end). @param earlier of the attempt that it resumes */
export function timingOf(began: number, isFinished: boolean, earlier: Properties | undefined): Properties {
  const startedAt =
    typeof earlier?.startedAt === "string" ? earlier.startedAt : new Date(began).toISOString();
  if (!isFinished) return { startedAt };
  const end = clock.now();
  return {
    startedAt,
    finishedAt: new Date(end).toISOString(),
    duration: (end - Date.parse(startedAt)) / 1_000,
  };
}

export function withoutTiming(properties: Properties): Properties {
  return Object.fromEntries(Object.entries(properties).filter(([key]) => !timingKeys.includes(key)));
}

/** What earlier work recorded: kept as long as no new work is done. */
export function recordedTiming(recorded: Properties | undefined): Properties {
  return Object.fromEntries(
    timingKeys.filter((key) => recorded?.[key] !== undefined).map((key) => [key, recorded?.[key]]),
  );
}
