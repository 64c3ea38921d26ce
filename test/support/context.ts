import { words } from "../../doors/shared/words.ts";
import type { Connection } from "../../provider/core/connection/settings.ts";
import type { Context } from "../../provider/core/work/context.ts";

/** A context as a door would hand it in, that records all messages to the user. */
export interface TestContext extends Context {
  said: { progress: string[]; warnings: string[]; plans: string[] };
  /** Cancels the operation, as Ctrl-C does. */
  cancel(): void;
}

/**
 * A context whose stack config has these connections, by name.
 *
 * @param options what else the door hands in, e.g. `{ preview: true }`
 * @param settings what else stack config has, as it is at each call
 */
export function contextFor(
  connections: Record<string, Connection> = {},
  options: Pick<Context, "preview" | "timeoutSeconds"> = {},
  settings: { guards?: object; override?: string } = {},
): TestContext {
  const said: TestContext["said"] = { progress: [], warnings: [], plans: [] };
  const controller = new AbortController();
  const text = JSON.stringify(connections);
  return {
    ...options,
    words,
    config: (key) => (key === "clusterops:connections" ? text : settingsConfig(settings)[key]),
    signal: controller.signal,
    progress: (message) => void said.progress.push(message),
    warn: (message) => void said.warnings.push(message),
    inform: (message) => void said.plans.push(message),
    said,
    cancel: () => controller.abort(new Error("cancelled")),
  };
}

/** The keys of stack config that settings have, beside the connections. */
export function settingsConfig({
  guards,
  override,
}: {
  guards?: object;
  override?: string;
}): Record<string, string> {
  return {
    ...(guards && { "clusterops:guards": JSON.stringify(guards) }),
    ...(override !== undefined && { "clusterops:override": override }),
  };
}
