import { isDeepStrictEqual } from "node:util";
import type { Words } from "../../provider/index.ts";
import type { Properties } from "./values.ts";

/** What one process of the provider has seen of the runs of an apply, of which Terraform tells no addresses. */
export class Attempts {
  readonly #there: unknown[] = [];
  readonly #deleted: unknown[] = [];
  #unfinished: string | undefined;

  /** A run that is recorded. */
  seen({ __before: before }: Properties): void {
    note(this.#there, before);
  }

  /** A run that is deleted: its record of what was there before it is used up. */
  deleted({ __before: before }: Properties): void {
    note(this.#deleted, before);
  }

  /**
   * Whether the run takes the place of one that had the same record: then the user forces it again, and the record does not count.
   *
   * @param preview a run that is there would be deleted first
   */
  isForced({ __before: before }: Properties, preview: boolean): boolean {
    const known = preview ? [...this.#there, ...this.#deleted] : this.#deleted;
    return before !== undefined && known.some((one) => isDeepStrictEqual(one, before));
  }

  /** Something that was to be made is not finished. Terraform takes it for done: nothing that comes after it may begin. */
  halt(what: string): void {
    this.#unfinished ??= what;
  }

  /** What is not finished. */
  get unfinished(): string | undefined {
    return this.#unfinished;
  }
}

function note(records: unknown[], record: unknown): void {
  if (record !== undefined && !records.some((one) => isDeepStrictEqual(one, record))) records.push(record);
}

/** Why a run that is killed may run twice, if so. */
export function unrecorded(
  typeName: string,
  { __before: before }: Properties,
  { up }: Words,
): string | undefined {
  if (before !== undefined) return undefined;
  return `what was there before this run is not on record (no attribute before, of a ${typeName}_intent): if ${up} is killed before the run is in the state, the next one may run it once more`;
}
