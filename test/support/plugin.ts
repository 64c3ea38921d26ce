import { join } from "node:path";

/** The text of a Pulumi.yaml with the native plugin of this checkout. */
export function pluginIn(yaml = "name: e2e\nruntime: nodejs\nmain: index.ts\n"): string {
  const path = join(import.meta.dirname, "..", "..", "plugin");
  return `${yaml.trim()}\nplugins:\n  providers:\n    - name: clusterops\n      path: ${path}\n`;
}
