import assert from "node:assert/strict";
import { join } from "node:path";
import type { PulumiResult } from "../../scripts/pulumi-process.ts";
import type { ExportedResource, ProjectOptions } from "../../scripts/pulumi-project.ts";
import { PulumiProject } from "../../scripts/pulumi-project.ts";
import { leanSdk } from "./lean-sdk.ts";

const projects = new Set<PulumiProject>();

// A root hook: whatever a test forgets or fails before it gets to clean up, nothing runs and nothing lies around afterwards.
after(async () => {
  for (const project of projects) await project.remove();
});

/**
 * A Pulumi project on the real CLI with a backend of its own, made quickly. Removed with `await using`, else after the last test.
 * @example
 * await using project = await pulumiProject({ program, config: { "clusterops:connections.redis.endpoints[0]": url } });
 * succeeded(await project.up());
 */
export async function pulumiProject(options: ProjectOptions): Promise<PulumiProject> {
  const env = { ...leanSdk, ...options.env };
  const project = await PulumiProject.create({ isQuick: true, ...options, env });
  projects.add(project);
  return project;
}

/** The folder of an example, for {@link ProjectOptions.from}. */
export function example(name: string): string {
  return join(import.meta.dirname, "..", "..", "examples", name);
}

/** Holds that a run has ended well, else shows all it has said. */
export function succeeded(result: PulumiResult): PulumiResult {
  assert.equal(result.code, 0, result.output);
  return result;
}

/** Holds that a run has failed and that its output says why. */
export function failed(result: PulumiResult, why: RegExp): PulumiResult {
  assert.notEqual(result.code, 0, result.output);
  assert.match(result.output, why);
  return result;
}

/** Holds that a run has changed nothing. */
export function unchanged(result: PulumiResult): PulumiResult {
  succeeded(result);
  assert.deepEqual(Object.keys(result.resources), ["unchanged"], result.output);
  return result;
}

/** The one resource of that name in the stack's state. */
export async function recorded(project: PulumiProject, name: string): Promise<ExportedResource | undefined> {
  const { deployment } = await project.export();
  return deployment.resources?.find(({ urn }) => urn.endsWith(`::${name}`));
}
