import { types } from "../../provider/index.ts";
import type { CommandLine } from "./command-line.ts";
import { place } from "./urn.ts";

/*
 * The companion of a run records, ahead of it, what was there before it (provider/README.md, "Write-ahead intent"). For the engine it is a
 * resource like any other.
 */

/** Whether runs of this type have a companion, e.g. `redis:NodeAction`. */
export function hasCompanion(type: string): boolean {
  return types.includes(`${type}Intent`);
}

/** Whether it is the type of such a companion. */
export function isCompanion(type: string): boolean {
  return type.endsWith("Intent");
}

const named = /^(.*)Intent(::.*)-intent$/s;

/** Where the run is whose companion has this URN, by the names that the classes of TypeScript give. */
export function runOf(urn: string): string | undefined {
  const at = place(urn);
  return named.test(at) ? at.replace(named, "$1$2") : undefined;
}

/** Marks a companion that has looked before its run was due: it looks again. Keys with two underscores stay out of the CLI's display. */
export const earlyKey = "__early";

/**
 * Whether this is the companion of a run that the user has excluded. The engine does not leave it out with its run; a look now would be
 * too early for the run to come.
 */
export function tooEarly(line: Pick<CommandLine, "values"> | undefined): (urn: string) => boolean {
  const excluded = (line?.values("exclude") ?? []).map(matcher);
  return (urn) => {
    const run = named.test(urn) ? urn.replace(named, "$1$2") : undefined;
    return run !== undefined && excluded.some((pattern) => pattern.test(run));
  };
}

/** Of a URN with wildcards, as the engine reads it (getMatcher in pkg/resource/deploy/deployment.go). */
function matcher(urn: string): RegExp {
  const segments = urn
    .split("**")
    .map((segment) => segment.replace(/[\\^$.|?+()[\]{}]/g, "\\$&").replaceAll("*", "[^:]*"));
  return new RegExp(`^${segments.join(".*")}$`, "s");
}
