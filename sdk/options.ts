import type * as Pulumi from "@pulumi/pulumi";
import type { ResourceOptions } from "../doors/dynamic/resource-options.ts";
import { pulumi } from "./pulumi.ts";

/** What to do instead of an option that a dynamic resource cannot have. */
const instead: { [option in keyof Pulumi.CustomResourceOptions]?: string } = {
  // The engine would read it by the id alone, without the text that says whose it is: "code must be a string, not undefined".
  import:
    "nothing of this package is imported by id: leave the option out. A state resource adopts what is already so, and sends nothing; a run runs once",
  // The engine would read it, find it or not, and keep nothing.
  id: "an id alone declares nothing: leave the option out to declare it, or read with a function such as redis.getNode",
  urn: "a resource of this package is not had by its URN: leave the option out to declare it, or take the outputs of another stack from a StackReference",
};

/** @throws RunError where an option would not do what it says: the program ends with that sentence, and nothing is sent */
export function refuseImpossible(what: string, options: Pulumi.CustomResourceOptions): void {
  for (const [option, sentence] of Object.entries(instead)) {
    if (options[option as keyof Pulumi.CustomResourceOptions] === undefined) continue;
    throw new pulumi.RunError(`${what}: the option ${option}: ${sentence}`);
  }
}

/** What of the options has to be among the inputs; undefined where nothing has, as in every state of 0.1.0. */
export function hiddenOptions({
  customTimeouts,
  replaceOnChanges,
}: Pulumi.CustomResourceOptions): ResourceOptions | undefined {
  if (!customTimeouts && !replaceOnChanges) return undefined;
  return {
    ...(customTimeouts && { customTimeouts: { ...customTimeouts } }),
    ...(replaceOnChanges && { replaceOnChanges }),
  };
}
