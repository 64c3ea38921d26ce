import type { Step, StepState } from "./steps.ts";

/** As the engine marks a secret in what it exports. */
const signature = "4dabf18193072939515e22adb298388d";

interface Deployment {
  resources?: (StepState & { urn: string })[];
  secrets_providers?: unknown;
}

/** The resources of an export with its secrets in clear. */
export function resourcesIn(state: string): Step[] {
  const { resources = [] } = deploymentOf(state);
  return resources.map(({ urn, ...resource }) => ({
    op: "same",
    urn,
    oldState: { ...resource, inputs: inClear(resource.inputs) as StepState["inputs"] },
  }));
}

/** The same export for a stack with a passphrase of its own: what is secret in it is encrypted with that. @param salt as its configuration has it */
export function importable(state: string, salt: string): string {
  const { deployment, ...rest } = JSON.parse(state) as { deployment: Deployment };
  const secrets_providers = { type: "passphrase", state: { salt } };
  return JSON.stringify({ ...rest, deployment: { ...deployment, secrets_providers } });
}

function deploymentOf(state: string): Deployment {
  return (JSON.parse(state) as { deployment?: Deployment }).deployment ?? {};
}

function inClear(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inClear);
  if (typeof value !== "object" || value === null) return value;
  if (signature in value && "plaintext" in value) return JSON.parse(String(value.plaintext));
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, inClear(item)]));
}
