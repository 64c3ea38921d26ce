import * as pulumi from "@pulumi/pulumi";
import type { Context } from "../provider/index.ts";
import type { Args } from "./dynamic.ts";

/** A function as Pulumi users know it: a promise from plain arguments. */
export type Read<A, R> = (args: A) => Promise<R>;
/** Its twin: an Output from Inputs. */
export type ReadOutput<A, R> = (args: Args<A>) => pulumi.Output<R>;

/** Both forms of one function of the provider. */
export function functionPair<A extends object, R>(name: string): [Read<A, R>, ReadOutput<A, R>] {
  const read: Read<A, R> = async (args) => {
    // Loaded when first called: programs that only declare resources start faster without it.
    const { invoke } = await import("../provider/index.ts");
    return invoke<A, R>(name, programContext(), args);
  };
  return [read, (args) => pulumi.output(args).apply((known) => read(known as A)) as pulumi.Output<R>];
}

function programContext(): Context {
  return {
    // Not through pulumi.Config: it warns of secrets that are read in clear, and these are handled as such.
    config: (key) => pulumi.runtime.getConfig(key),
    preview: pulumi.runtime.isDryRun(),
    signal: new AbortController().signal,
    progress: () => {},
    warn: (message) => void pulumi.log.warn(message),
    inform: (message) => void pulumi.log.info(message),
  };
}
