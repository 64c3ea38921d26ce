import { isDeepStrictEqual } from "node:util";
import { unknown } from "../../provider/index.ts";
import type { CommandLine } from "../shared/command-line.ts";
import { hasCompanion, isCompanion } from "../shared/companions.ts";
import { type Attempt, areCheckpointsSkipped, risk, skipsCheckpoints } from "../shared/update.ts";
import { place } from "../shared/urn.ts";
import type { Properties } from "./codec.ts";

/*
 * What the engine asks for, in which order, in one process of the plugin: it tells whether a run is forced again, whether its companion's
 * record is of this attempt, and whether what is deleted has just been made anew. Nothing else does.
 */

/** Remembers, for one process, what the engine has asked for. */
export class Attempts {
  readonly #deleted = new Map<string, unknown>();
  readonly #made = new Set<string>();
  readonly #records: unknown[] = [];
  readonly #isLimited: boolean;
  readonly #env: NodeJS.ProcessEnv;

  /** @param line of the CLI, where it can be told */
  constructor(line?: Pick<CommandLine, "values">, env: NodeJS.ProcessEnv = process.env) {
    this.#isLimited = ["target", "target-replace", "exclude"].some((flag) => line?.values(flag).length);
    this.#env = env;
  }

  /** What a companion has on record, or has just put there; in a preview it may be unknown. Of one that is left out nothing is asked. */
  saw(type: string, { before }: Properties): void {
    if (isCompanion(type) && before !== undefined) this.#records.push(plain(before));
  }

  /** A resource has been created, or updated. */
  made(urn: string): void {
    this.#made.add(place(urn));
  }

  deleted(urn: string, { __before: before }: Properties): void {
    this.#deleted.set(place(urn), before);
  }

  /** Whether one of the same name has been made before this one is deleted: programs in other languages may replace in that order. */
  isReplaced(urn: string): boolean {
    return this.#made.has(place(urn));
  }

  /** What is known of the run that is going to begin, or is previewed. */
  of(type: string, urn: string, { __before: before }: Properties): Attempt | undefined {
    if (!hasCompanion(type)) return undefined;
    const at = place(urn);
    // Where its companion has looked since, its record is of this very attempt.
    const forced = this.#deleted.has(at) && isDeepStrictEqual(plain(this.#deleted.get(at)), plain(before));
    const reason = areCheckpointsSkipped(this.#env) ? skipsCheckpoints : this.#unrecorded(type, before);
    return { forced, ...(reason !== undefined && { unrecorded: reason }) };
  }

  #unrecorded(type: string, before: unknown): string | undefined {
    const companion = `${type.slice(type.indexOf(":") + 1)}Intent`;
    if (before === undefined)
      return `what was there before this run is not on record (no "before" of a ${companion} is part of this update): ${risk}`;
    const isOurs = this.#records.some((record) => isDeepStrictEqual(record, plain(before)));
    return isOurs || !this.#isLimited
      ? undefined
      : `the record of what was there before this run (its ${companion}) is not part of this update, which --target or --exclude limits: ${risk}`;
  }
}

/** As it comes back from the engine. */
function plain(record: unknown): unknown {
  return record === undefined || record === unknown ? record : JSON.parse(JSON.stringify(record));
}
