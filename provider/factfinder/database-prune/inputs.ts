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
 * A prune whose answer is lost is looked for, and sent again only once it can no longer land: 35 seconds later, and the connection's
 * `requestTimeout` more where nothing was answered in time. A risen version that an earlier run may have caused (one that was killed)
 * counts as done and is announced with the versions and the time; change `triggers` to prune again.
 *
 * Two things cannot be told: an import that has raised the version already and still runs, and one that ended before a restart which
 * set the import counts back, where they have come to what they were. List one endpoint only: several may be different nodes, so
 * that the one which told the version before has to tell the version after.
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
  /** Before the prune; the same as `databaseVersion` when nothing was sent. @asType integer */
  databaseVersionBefore: number;
  /** After the prune. @asType integer */
  databaseVersion: number;
  /** After the prune, where the director tells. @asType integer */
  deltaVersion?: number;
}
