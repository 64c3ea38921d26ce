import { suggestion } from "../../core/data/inputs.ts";

/** The node actions that the vendor's pages name (Node actions requests; rladmin node). A version of the software may have others. */
const documented = ["remove", "maintenance_on", "maintenance_off", "enslave_node"];

/** The warning of an action that no page names: a word misspelled is found out by a 404, in the middle of an `up`. */
export function undocumented(action: string): string | undefined {
  if (documented.includes(action)) return undefined;
  return `the vendor's pages name no action ${action}${suggestion(action, documented)}`;
}
