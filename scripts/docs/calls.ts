import { pages } from "./calls/index.ts";
import type { VendorCall } from "./calls/page.ts";
import { code, table } from "./markdown.ts";

/** The calls that a resource or function makes, each with its purpose. */
export function callTable(system: string, name: string): string {
  const calls = pages.filter((page) => page.system === system).flatMap((page) => page.calls);
  const rows = calls.flatMap((call) => {
    const purpose = call.by[name];
    return purpose === undefined ? [] : [[callOf(call), purpose]];
  });
  if (rows.length === 0) throw new Error(`${system} ${name} makes no call: list it in calls/`);
  return table(["Call", "What for"], rows);
}

/** In Markdown: method, path, and the form where there are several. */
export function callOf({ call, form }: VendorCall): string {
  return form ? `${code(call)} ${form}` : code(call);
}
