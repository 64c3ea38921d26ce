import type { System } from "../core/connection/settings.ts";
import type { Http } from "../core/http/http.ts";

/** Aspire 5, the API between its manager and worker nodes (page "Manager Node API"). */
export const aspire: System = { name: "aspire", title: "Aspire", basePath: "/aspire/_api" };

/** The prefix of the page's early draft, which has spellings of its own. */
const draftPath = "/aspire_api";

/** True where the connection's base path is the draft page's. */
export function speaksDraft({ connection }: Http): boolean {
  return connection.endpoints.every((endpoint) => endpoint.endsWith(draftPath));
}
