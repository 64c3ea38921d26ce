import { isDeepStrictEqual } from "node:util";
import { runOf } from "../shared/companions.ts";
import { type Attempt, areCheckpointsSkipped, risk, skipsCheckpoints } from "../shared/update.ts";
import { nameOf, place } from "../shared/urn.ts";

type Properties = Record<string, unknown>;

/*
 * What the engine asks for of one resource, in one host, tells whether a run is forced again, and whether its companion's record is of
 * this attempt (provider/README.md, "Write-ahead intent"). Nothing else does: `create` is told neither what was there nor why.
 */

/** Remembers, for one host, what the engine has asked for. */
export class Attempts {
  readonly #deleted = new Set<string>();
  readonly #looked = new Set<string>();
  readonly #taking = new Set<string>();
  readonly #hasCompanion: (type: string) => boolean;
  readonly #env: NodeJS.ProcessEnv;

  /** @param hasCompanion whether runs of this type have one, e.g. `redis:NodeAction` */
  constructor(hasCompanion: (type: string) => boolean, env: NodeJS.ProcessEnv = process.env) {
    this.#hasCompanion = hasCompanion;
    this.#env = env;
  }

  /** The engine skips the check of what is not part of a targeted update. */
  checked(urn: string): void {
    const run = runOf(urn);
    if (run !== undefined) this.#taking.add(run);
  }

  /** A companion has been created, or updated: then it may have had no reason to look again. */
  applied(urn: string, recorded: Properties | undefined, outputs: Properties): void {
    const run = runOf(urn);
    if (run !== undefined && !isDeepStrictEqual(recorded?.before, outputs.before)) this.#looked.add(run);
  }

  /** Of what is replaced, the engine deletes the old one first: the SDK asks for that. */
  deleted(urn: string): void {
    this.#deleted.add(place(urn));
  }

  /** What is known of the run that is going to begin, or is previewed. */
  of(type: string, urn: string): Attempt {
    if (urn === "" || !this.#hasCompanion(type)) return { forced: false };
    const forced = this.#deleted.has(place(urn)) && !this.#looked.has(place(urn));
    if (areCheckpointsSkipped(this.#env)) return { forced, unrecorded: skipsCheckpoints };
    const isLeftOut = !this.#taking.has(place(urn));
    return { forced, ...(isLeftOut && { unrecorded: leftOut(urn) }) };
  }
}

function leftOut(urn: string): string {
  return `the record of what was there before this run (${nameOf(urn)}-intent) is not part of this update, which --target or --exclude limits: ${risk}`;
}
