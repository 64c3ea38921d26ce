import { pulumi } from "./pulumi.ts";

/** As `pulumi-clusterops rehearse` sets it (provider/core/http/rehearsal.ts). */
const variable = "CLUSTEROPS_REHEARSAL";

let isWatched = false;

/**
 * In a rehearsal a program registers what is ours, and nothing else. Its preview was looked through for that; what a program declares only once
 * something is made (in `apply`) stands in no preview, and would be created for real.
 */
export function refuseOthersInRehearsal(): void {
  if (isWatched || process.env[variable] === undefined) return;
  isWatched = true;
  pulumi.runtime.registerStackTransformation(({ resource, type, name }) => {
    // A component is nothing but a name for what it holds.
    const isOurs = /^(pulumi-nodejs:dynamic\/clusterops\/|clusterops:|pulumi:providers:clusterops$)/.test(
      type,
    );
    if (isOurs || !(resource instanceof pulumi.CustomResource)) return undefined;
    throw new pulumi.RunError(
      `this is a rehearsal, and ${JSON.stringify(name)} (${type}) would really be created: a program that declares resources of other providers cannot be rehearsed`,
    );
  });
}
