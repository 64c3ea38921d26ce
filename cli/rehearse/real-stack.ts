import { parsedJson } from "../../provider/core/data/values.ts";
import { pulumi, Run } from "./pulumi.ts";
import { resourcesIn } from "./state.ts";
import type { Step } from "./steps.ts";

/** What a preview says. */
export interface Preview {
  steps: Step[];
  messages: Message[];
}

export interface Message {
  urn?: string;
  severity: string;
  message: string;
}

/** One key of the stack's configuration, secrets in clear. */
export interface Setting {
  value: string;
  objectValue?: unknown;
  secret?: boolean;
}

/** All that is read of the real stack. Nothing of it is written, and none of the commands that read it changes anything. */
export interface RealStack {
  name: string;
  project: string;
  folder: string;
  config: Record<string, Setting>;
  preview: Preview;
  /** The resources of the preview, and those in the state of which it says nothing, since nothing is to be done with them. */
  steps: Step[];
  /** Its state, secrets in clear: it goes into the throw-away backend, and nowhere else. */
  state: string;
}

/**
 * A change is rehearsed before its window opens: guards do not stop it, and what they would object to is said. Nothing is recorded of it
 * where it counts: previews record nothing, and the rehearsal's state is thrown away.
 */
export function overriding({ CLUSTEROPS_OVERRIDE: own }: NodeJS.ProcessEnv): { CLUSTEROPS_OVERRIDE: string } {
  return { CLUSTEROPS_OVERRIDE: own || "a rehearsal: nothing real is sent" };
}

export async function readStack(folder: string, given: string | undefined): Promise<RealStack> {
  const options = { cwd: folder, env: { ...process.env, ...overriding(process.env) } };
  const name = given ?? (await pulumi(["stack", "--show-name"], options)).trim();
  const stack = ["--stack", name];
  const config = JSON.parse(
    await pulumi(["config", "--show-secrets", "--json", ...stack], options),
  ) as Record<string, Setting>;
  const preview = await previewOf(stack, options);
  const state = await pulumi(["stack", "export", "--show-secrets", ...stack], options);
  const steps = [...resourcesIn(state), ...preview.steps];
  // `organization/project/stack` is how others name it; the program knows the last part.
  return {
    name: name.split("/").at(-1) ?? name,
    project: projectOf(steps, folder),
    folder,
    config,
    preview,
    steps: [...new Map(steps.map((step) => [step.urn, step])).values()],
    state,
  };
}

/** @throws Error with what it refuses, where it does */
export async function previewOf(
  args: readonly string[],
  options: { cwd: string; env: NodeJS.ProcessEnv },
): Promise<Preview> {
  const { code, stdout, output } = await new Run(["preview", "--json", "--show-secrets", ...args], options)
    .ended;
  const found = parsedJson(stdout) as { steps?: Step[]; diagnostics?: Message[] } | undefined;
  const messages = (found?.diagnostics ?? []).map((message) => ({
    ...message,
    message: message.message.trim(),
  }));
  if (code !== 0) {
    const errors = messages.filter(({ severity }) => severity === "error").map(({ message }) => message);
    throw new Error(`pulumi preview refuses this program:\n${errors.join("\n") || output.trim()}`);
  }
  return { steps: found?.steps ?? [], messages };
}

function projectOf([step]: readonly Step[], folder: string): string {
  const project = step?.urn.split("::")[1];
  if (project === undefined)
    throw new Error(`the program in ${folder} declares nothing: there is nothing to rehearse`);
  return project;
}
