import { isDeepStrictEqual } from "node:util";
import { areCheckpointsSkipped, place, skipsCheckpoints } from "../shared/update.ts";
import type { Properties } from "./codec.ts";

/** Which runs the user forces again: of what is replaced, the engine deletes the old one first, in the same process. */
export class Forced {
  readonly #deleted = new Map<string, unknown>();

  deleted(urn: string, { __before: before }: Properties): void {
    this.#deleted.set(place(urn), before);
  }

  /** Whether what its companion has on record came before the one that is replaced: then it does not count. */
  has(urn: string, { __before: before }: Properties): boolean {
    const at = place(urn);
    return this.#deleted.has(at) && isDeepStrictEqual(this.#deleted.get(at), before);
  }
}

/** Why a run that is killed may run twice, if so. */
export function unrecorded(
  type: string,
  { __before: before }: Properties,
  env: NodeJS.ProcessEnv = process.env,
): string | undefined {
  if (areCheckpointsSkipped(env)) return skipsCheckpoints;
  if (before !== undefined) return undefined;
  const name = type.slice(type.indexOf(":") + 1);
  return `what was there before this run is not on record (no "before" of a ${name}Intent is part of this update): if pulumi is killed before the run is in the state, the next pulumi up may run it once more`;
}
