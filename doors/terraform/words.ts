import type { Words } from "../../provider/index.ts";

/** What users of Terraform do next. @param program `terraform`, or `tofu` */
export function wordsFor(program: string): Words {
  const block = `in the block provider "clusterops"`;
  return {
    up: `${program} apply`,
    destroy: `${program} destroy`,
    replace: `replace this resource (${program} apply -replace=...)`,
    forget: `drop it from the state (${program} state rm)`,
    lookAgain: `the next ${program} plan looks at it again (without -refresh=false)`,
    configure: (path, value) => `set ${inBlock(path)} to ${value} ${block}`,
    configureText: (path, value) => `set ${inBlock(path)} to the text "${value}" ${block}`,
    configureSecret: (path) => `set ${inBlock(path)} ${block}, from a sensitive variable`,
    unset: (key) => `remove ${inBlock(key.replace(/^clusterops:/, ""))} ${block}`,
    unsetPath: (path) => `remove ${inBlock(path)} ${block}`,
    flat: "is a key of its own",
    rotated: (variables) => `after a rotation, give the new credentials ${block}, or in ${variables}`,
    rotatedInline: `after a rotation, give the new credentials ${block}`,
  };
}

/** A list is written as a whole. */
function inBlock(path: string): string {
  return path.replace(/\[0\]$/, "");
}
