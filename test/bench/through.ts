import { join } from "node:path";

export type Door = "dynamic" | "native";

/** What a project needs for a door: the files and the configuration. */
export function through(door: Door): { files: Record<string, string>; config: Record<string, string> } {
  const plugin = join(import.meta.dirname, "..", "..", "plugin");
  const plugins = `plugins:\n  providers:\n    - name: clusterops\n      path: ${plugin}\n`;
  return {
    files: {
      "Pulumi.yaml": `name: e2e\nruntime: nodejs\nmain: index.ts\n${door === "native" ? plugins : ""}`,
    },
    config: { "clusterops:door": door },
  };
}
