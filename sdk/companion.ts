import type * as Pulumi from "@pulumi/pulumi";
import { pulumi } from "./pulumi.ts";

/*
 * The companion of a run: what records, ahead of it, what was there before it (provider/README.md, "Write-ahead intent"). A program does
 * not see it, so all that a user says of the run has to reach it, and nothing of it may be needed by name.
 */

/** Whether the companion has an option of its run as that has it. */
const isShared: Record<keyof Pulumi.CustomResourceOptions, boolean> = {
  // Where and when it comes: beside its run, after whatever the run waits for.
  parent: true,
  provider: true,
  dependsOn: true,
  version: true,
  pluginDownloadURL: true,
  // What happens to it together with its run.
  protect: true,
  retainOnDelete: true,
  deletedWith: true,
  // When it looks again: whenever the run runs again.
  ignoreChanges: true,
  replaceOnChanges: true,
  replaceWith: true,
  replacementTrigger: true,
  // What its inputs are, and how they are kept and shown: as those of the run, or its record would be for another intent.
  transformations: true,
  transforms: true,
  additionalSecretOutputs: true,
  hideDiffs: true,
  // Where it was: under a name and a type of its own.
  aliases: false,
  // Deleting it does nothing, and its look is short.
  deleteBeforeReplace: false,
  customTimeouts: false,
  // They are for the run, and would be called twice.
  hooks: false,
  // Of one resource, or of providers.
  stateMigrations: false,
  import: false,
  id: false,
  urn: false,
  envVarMappings: false,
};

const suffix = "-intent";

/** The name of the companion of a run of that name. */
export function companionName(name: string): string {
  return `${name}${suffix}`;
}

/** What the companion of a run with these options is registered with. */
export function companionOptions(opts: Pulumi.CustomResourceOptions): Pulumi.CustomResourceOptions {
  const options = Object.entries(opts).filter(([option]) => isShared[option as keyof typeof isShared]);
  const aliases = opts.aliases?.map((alias) => pulumi.output(alias).apply(companionAlias));
  return { ...Object.fromEntries(options), ...(aliases && { aliases }) };
}

/** Where the companion was when its run was there. */
function companionAlias(alias: string | Pulumi.Unwrap<Pulumi.Alias>): string | Pulumi.Alias {
  if (typeof alias !== "string") {
    const { name, type, ...place } = alias as Pulumi.Alias & { name?: string; type?: string };
    return {
      ...place,
      ...(name !== undefined && { name: companionName(name) }),
      ...(type !== undefined && { type: `${type}Intent` }),
    };
  }
  const [stack, project, type, ...name] = alias.split("::");
  return [stack, project, `${type}Intent`, companionName(name.join("::"))].join("::");
}

/**
 * What the companion saw, once that is in state: the engine answers a registration when it has written what came of it.
 *
 * As a promise, which carries no dependency: a run that is targeted alone would else fail for want of the companion, whose name its user
 * never wrote. Where the companion is left out, there is no record, or an older one.
 *
 * @param unknown what stands for it in a preview, before it has looked
 */
export async function recordOf(
  { before }: { before: Pulumi.Output<unknown> },
  unknown: unknown,
): Promise<unknown> {
  // Not `apply`, which is silent of what is unknown: the run would wait for ever.
  const inner = before as unknown as { isKnown: Promise<boolean>; promise(): Promise<unknown> };
  const [isKnown, record] = await Promise.all([inner.isKnown, inner.promise()]);
  return isKnown ? record : unknown;
}
