import { clock } from "../data/clock.ts";
import type { WaitRecord } from "../work/scope.ts";
import type { Properties } from "./resource.ts";

/** When a resource's last piece of work happened. Absent where nothing had to be done. */
export interface Timing {
  /** ISO 8601: when the work began; for a resumed one, when the first attempt did. */
  startedAt?: string;
  /** ISO 8601: when its end had been seen and verified. */
  finishedAt?: string;
  /** Seconds from `startedAt` to `finishedAt`. */
  duration?: number;
}

/** Where the waits of the last piece of work are recorded, for the timeline. */
const waitsKey = "__waits";

const timingKeys = ["startedAt", "finishedAt", "duration", waitsKey];

/** The record of work that has just ended, or been interrupted (then without an end). */
export function timingOf(
  began: number,
  waits: WaitRecord[],
  { earlier, isFinished }: { earlier: Properties | undefined; isFinished: boolean },
): Properties {
  const startedAt =
    typeof earlier?.startedAt === "string" ? earlier.startedAt : new Date(began).toISOString();
  const earlierWaits = Array.isArray(earlier?.[waitsKey]) ? earlier[waitsKey] : [];
  const record = { startedAt, [waitsKey]: [...earlierWaits, ...waits] };
  if (!isFinished) return record;
  const end = clock.now();
  return {
    ...record,
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
