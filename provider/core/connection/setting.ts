import leven from "leven";
import { InputError } from "../data/errors.ts";
import type { ConfigSource } from "./configured.ts";

/** One setting for a whole stack or run, e.g. `expect`: where it was found, and what it says. */
export interface Setting {
  /** `clusterops:expect` or `CLUSTEROPS_EXPECT`, for messages. */
  at: string;
  text: string;
}

/**
 * A setting that stands beside the connections. The environment beats configuration.
 *
 * @param name e.g. `expect`
 * @param how `isEmptyUnset`: pipelines set its variable to nothing where it is not meant
 * @throws InputError where it is empty, or another name was meant for it: what guards something is not to be off by a slip
 */
export function settingOf(
  name: string,
  config: ConfigSource,
  environment: NodeJS.ProcessEnv = process.env,
  { isEmptyUnset = false } = {},
): Setting | undefined {
  const [key, variable] = [`clusterops:${name}`, `CLUSTEROPS_${name.toUpperCase()}`];
  const given = environment[variable];
  const [own, configured] = [isEmptyUnset && given === "" ? undefined : given, config(key)];
  const found = own !== undefined ? { at: variable, text: own } : { at: key, text: configured };
  if (found.text === undefined) {
    refuseSlip(variable, ownVariables(environment));
    refuseSlip(key, config.keys?.() ?? []);
    return undefined;
  }
  if (found.text.trim() === "")
    throw new InputError(found.at, "is empty: leave it out where it is not meant");
  return { at: found.at, text: found.text };
}

const isOwn = (name: string) => /^clusterops[:_]/i.test(name);

/** Of each environment. A process gets its variables when it is started, and to list them takes as long as all the rest of an operation. */
const listed = new WeakMap<NodeJS.ProcessEnv, readonly string[]>();

function ownVariables(environment: NodeJS.ProcessEnv): readonly string[] {
  const known = listed.get(environment) ?? Object.keys(environment).filter(isOwn);
  listed.set(environment, known);
  return known;
}

/** Two letters that have changed places are two apart. */
function refuseSlip(meant: string, given: readonly string[]): void {
  const isSlip = (other: string) =>
    other !== meant &&
    // Of most others their length tells, which costs nothing.
    Math.abs(other.length - meant.length) <= 2 &&
    isOwn(other) &&
    leven(other.toLowerCase(), meant.toLowerCase()) <= 2;
  const slip = given.find(isSlip);
  if (slip !== undefined) throw new InputError(slip, `is not read: did you mean ${meant}?`);
}
