import type { Words } from "../../provider/index.ts";

/** What users of Pulumi do next. */
export const words: Words = {
  up: "pulumi up",
  destroy: "pulumi destroy",
  replace: "replace this resource (pulumi up --replace)",
  forget: "drop it from the state (pulumi state delete)",
  lookAgain: "run pulumi up --refresh, or pulumi destroy again: a plain pulumi up would find nothing to do",
  configure: (path, value) => `pulumi config set --path 'clusterops:${path}' ${value}`,
  // Else digits become a number, and a number loses digits.
  configureText: (path, value) => `pulumi config set --path 'clusterops:${path}' --type string ${value}`,
  // Asked for by the CLI, it stands in no history of a shell.
  configureSecret: (path) => `pulumi config set --secret --path 'clusterops:${path}'`,
  // With --path a key that holds a dot would be a place inside another.
  unset: (key) => `pulumi config rm '${key}'`,
  unsetPath: (path) => `pulumi config rm --path 'clusterops:${path}'`,
  flat: "was set without --path",
  rotated: (variables) =>
    `Pulumi has handed over the configuration of the last pulumi up: after a rotation, run pulumi up first, or add --run-program, or give the new credentials in ${variables}`,
  rotatedInline:
    "these are the credentials that the last pulumi up recorded with the resource: after a rotation, run pulumi up first (without --refresh)",
};
