import type { RunInputs } from "../../core/lifecycle/run.ts";

/**
 * Prunes a channel's delta updates, once: the delta updates table is deleted and the databaseVersion rises, after which every
 * worker has to reload once. Changes that are already in the intermediate database stay. `connection` is the director.
 *
 * Done means that the databaseVersion has risen and that no import has ended meanwhile, since an import raises it too. Where one has
 * ended, nothing tells whose the rise is: the run stays unfinished and sends nothing more until `triggers` change (prune again) or
 * `ifDatabaseVersion` says that the risen version will do. Where the director does not tell its import counts, its own answer of
 * success decides, with a warning; where that answer was lost, the run stays unfinished as well.
 *
 * Two things cannot be told: an import that has raised the version already and still runs, and one that ended before a restart which
 * set the import counts back, where they have come to what they were. List one endpoint only: several may be different nodes.
 * https://docs.fact-finder.com/api-reference/cluster
 */
export interface DatabasePruneInputs extends RunInputs {
  /** The channel's name. @minLength 1 */
  channel: string;
  /**
   * Prune only while the databaseVersion is this one. A higher one counts as done, whatever raised it, and nothing is sent, so that
   * the prune happens at most once whatever becomes of this program; a lower one is an error. @minimum 0 @asType integer
   */
  ifDatabaseVersion?: number;
}

export interface DatabasePruneOutputs {
  /** Before the prune; the same as `databaseVersion` when nothing was sent. */
  databaseVersionBefore: number;
  /** After the prune. */
  databaseVersion: number;
  /** After the prune, where the director tells. */
  deltaVersion?: number;
}
