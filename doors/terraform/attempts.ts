import { isDeepStrictEqual } from "node:util";
import type { Result, Words } from "../../provider/index.ts";
import type { Properties } from "./values.ts";

/** What one process of the provider has seen of the runs of an apply, of which Terraform tells no addresses. */
export class Attempts {
  readonly #there: unknown[] = [];
  readonly #deleted: unknown[] = [];
  readonly #counted: unknown[] = [];
  readonly #leaving: unknown[] = [];
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
    return isAmong(this.#deleted, before) || (preview && isAmong(this.#there, before));
  }

  /** A run that is made anew. Without a time at which it began it counts as run already, by its record. */
  made({ __before: before, startedAt }: Properties): void {
    if (startedAt === undefined) note(this.#counted, before);
  }

  /** A delete is planned. In an apply that is done only for what was set aside, so that something could take its place first. */
  leaving(resource: string | undefined): void {
    note(this.#leaving, resource);
  }

  /**
   * Why a run that is deleted has not been run again, if so: what takes its place was made first, when nothing told yet that it takes the
   * place of anything, and so its record counted.
   */
  notRunAgain(
    { __before: before }: Properties,
    resource: string | undefined,
    { replace }: Words,
  ): string | undefined {
    if (!isAmong(this.#leaving, resource) || !isAmong(this.#counted, before)) return undefined;
    return `not run again: what takes its place was made first (create_before_destroy), and counts as run already, by the record of its intent. Change triggers, here and of the intent; or write create_before_destroy = false, then ${replace}`;
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

function note(all: unknown[], one: unknown): void {
  if (one !== undefined && !isAmong(all, one)) all.push(one);
}

function isAmong(all: readonly unknown[], one: unknown): boolean {
  return all.some((other) => isDeepStrictEqual(other, one));
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

/**
 * Why a run that has been made is made once more: its record shows that it has been run, and has ended badly. With create_before_destroy
 * each apply would find that end, since Terraform does not tell that there is something whose place is to be taken.
 */
export function runsAgain(
  { __before: before }: Properties,
  { isEarlier, reasons }: Result,
): string | undefined {
  if (!isEarlier || before === undefined) return undefined;
  return `runs again, since an earlier attempt has ended badly: ${reasons.join("; ").replace(/; the next .* runs it again$/, "")}`;
}
