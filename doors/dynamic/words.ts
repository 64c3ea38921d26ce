import type { Words } from "../../provider/index.ts";

/** What users of Pulumi do next. */
export const words: Words = {
  up: "pulumi up",
  destroy: "pulumi destroy",
  replace: "replace this resource (pulumi up --replace)",
  forget: "drop it from the state (pulumi state delete)",
  configure: (path, value) => `pulumi config set --path 'clusterops:${path}' ${value}`,
};
