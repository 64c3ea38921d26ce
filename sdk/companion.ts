import * as pulumi from "@pulumi/pulumi";

/*
 * The companion of a run: what records, ahead of it, what was there before it (provider/README.md, "Write-ahead intent"). A program does
 * not see it, so all that a user says of the run has to reach it, and nothing of it may be needed by name.
 */

/** What becomes of each option of a run. */
type Options = Required<pulumi.CustomResourceOptions>;

/**
 * Options that the companion has as the run has them.
 *
 * Left out: `deleteBeforeReplace` and `customTimeouts` (deleting it does nothing, and its look is short), `hooks` (they are for the run, and
 * would be called twice), `stateMigrations`, `import`, `id` and `urn` (of one resource), `envVarMappings` (of providers).
 */
const shared = [
  // Where and when it comes: beside its run, after whatever the run waits for.
  "parent",
  "provider",
  "dependsOn",
  "version",
  "pluginDownloadURL",
  // What happens to it together with its run.
  "protect",
  "retainOnDelete",
  "deletedWith",
  // When it looks again: whenever the run runs again.
  "ignoreChanges",
  "replaceOnChanges",
  "replaceWith",
  "replacementTrigger",
  // What its inputs are, and how they are kept and shown: as those of the run, or its record would be for another intent.
  "transformations",
  "transforms",
  "additionalSecretOutputs",
  "hideDiffs",
] as const satisfies (keyof Options)[];

const suffix = "-intent";

/** The name of the companion of a run of that name. */
export function companionName(name: string): string {
  return `${name}${suffix}`;
}

/** What the companion of a run with these options is registered with. */
export function companionOptions(opts: pulumi.CustomResourceOptions): pulumi.CustomResourceOptions {
  const own: Record<string, unknown> = {};
  for (const option of shared) if (opts[option] !== undefined) own[option] = opts[option];
  if (opts.aliases) own.aliases = opts.aliases.map((alias) => pulumi.output(alias).apply(companionAlias));
  return own;
}

/** Where the companion was when its run was there. */
function companionAlias(alias: string | pulumi.Unwrap<pulumi.Alias>): pulumi.Input<string | pulumi.Alias> {
  if (typeof alias !== "string") {
    const { name, type, ...place } = alias as pulumi.Alias & { name?: string; type?: string };
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
 * never wrote. Where the companion is left out, there is no record, or an older one; nor is there in a preview, before it has looked.
 */
export async function recordOf({ before }: { before: pulumi.Output<unknown> }): Promise<unknown> {
  // Not `apply`, which is silent of what is unknown: the run would wait for ever.
  const inner = before as unknown as { isKnown: Promise<boolean>; promise(): Promise<unknown> };
  const [isKnown, record] = await Promise.all([inner.isKnown, inner.promise()]);
  return isKnown ? record : undefined;
}
