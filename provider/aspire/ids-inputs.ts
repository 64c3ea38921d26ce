import type { RunInputs } from "../core/lifecycle/run.ts";

/**
 * How the ids are sent.
 * - `path`: one call an id, so that a failure names it: the id in the path or, where a path cannot carry it, `{"id": ["..."]}` in
 *   the body, as both pages have it.
 * - `ids`: one call for all, `{"id": ["...", "..."]}` in the body: all or nothing.
 * - on the draft page (`basePath: "/aspire_api"`) also `get` (one GET an id, in the path, so none that a path cannot carry), `id`
 *   (one call an id, `{"id": "..."}` in the body) and `objects` (one call for all, `[{"id": "..."}, ...]` in the body).
 */
export type IdsForm = "path" | "ids" | "get" | "id" | "objects";

/** What the three resources take beside their ids. */
export interface IdsInputs extends RunInputs {
  /**
   * How the ids are sent: `path` (one call an id, so that a failure names it) or `ids` (one call for all, all or nothing);
   * with `basePath: "/aspire_api"` also `get`, `id` and `objects`, which only that draft of the page has. With `path`, an id that
   * holds `/`, `\`, `;`, `%` or a control character, or is `.` or `..`, is sent in the body, still one call an id: servlet
   * containers refuse it in a path however it is encoded. `get` has no body, so such an id is refused there.
   * A change is recorded and sends nothing.
   * @default "path"
   */
  form?: IdsForm;
}

/** One id that the manager has accepted, with what it said. */
export interface Done {
  /** As it was given. */
  id: string;
  /** What the manager said, if anything. */
  message?: string;
}
