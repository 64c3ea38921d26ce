import { isDeepStrictEqual } from "node:util";
import type { CommandLine } from "../shared/command-line.ts";
import { areCheckpointsSkipped, place, skipsCheckpoints } from "../shared/update.ts";

type Properties = Record<string, unknown>;

/*
 * What the engine asks for of one resource, in one host, tells whether a run is forced again, and whether its companion's record is of
 * this attempt (provider/README.md, "Write-ahead intent"). Nothing else does: `create` is told neither what was there nor why.
 */

/** What is to be known of a run that is about to begin. */
export interface Attempt {
  /** It replaces one that came to its end (`--replace`, `pulumi state taint`): what its companion saw came before that one. */
  forced: boolean;
  /** Why a run that is killed may run twice, if so. */
  unrecorded?: string;
}

/** Remembers, for one host, what the engine has asked for. */
export class Attempts {
  readonly #deleted = new Set<string>();
  readonly #looked = new Set<string>();
  readonly #taking = new Set<string>();
  readonly #hasCompanion: (type: string) => boolean;
  readonly #excluded: RegExp[];
  readonly #env: NodeJS.ProcessEnv;

  /**
   * @param hasCompanion whether runs of this type have one, e.g. `redis:NodeAction`
   * @param line of the CLI, where it can be told
   */
  constructor(
    hasCompanion: (type: string) => boolean,
    line?: Pick<CommandLine, "values">,
    env: NodeJS.ProcessEnv = process.env,
  ) {
    this.#hasCompanion = hasCompanion;
    this.#excluded = (line?.values("exclude") ?? []).map(matcher);
    this.#env = env;
  }

  /**
   * Whether this is the companion of a run that the user has excluded. The engine does not leave it out with its run; a look now would be
   * too early for the run to come.
   */
  isTooEarly(urn: string): boolean {
    const run = isCompanion(urn) ? urn.replace(companion, "$1$2") : undefined;
    return run !== undefined && this.#excluded.some((excluded) => excluded.test(run));
  }

  /** The engine skips the check of what is not part of a targeted update. */
  checked(urn: string): void {
    if (isCompanion(urn)) this.#taking.add(runOf(urn));
  }

  /** A companion has been created, or updated: then it may have had no reason to look again. */
  applied(urn: string, recorded: Properties | undefined, outputs: Properties): void {
    if (isCompanion(urn) && !isDeepStrictEqual(recorded?.before, outputs.before))
      this.#looked.add(runOf(urn));
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
  const name = urn.split("::").slice(3).join("::");
  return `the record of what was there before this run (${name}-intent) is not part of this update, which --target or --exclude limits: if pulumi is killed before the run is in the state, the next pulumi up may run it once more`;
}

/** Of a URN with wildcards, as the engine reads it (getMatcher in pkg/resource/deploy/deployment.go). */
function matcher(urn: string): RegExp {
  const segments = urn
    .split("**")
    .map((segment) => segment.replace(/[\\^$.|?+()[\]{}]/g, "\\$&").replaceAll("*", "[^:]*"));
  return new RegExp(`^${segments.join(".*")}$`, "s");
}

const companion = /^(.*)Intent(::.*)-intent$/s;

function isCompanion(urn: string): boolean {
  return companion.test(place(urn));
}

/** Where the run is whose companion has this URN. */
function runOf(urn: string): string {
  return place(urn).replace(companion, "$1$2");
}
