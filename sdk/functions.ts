import * as pulumi from "@pulumi/pulumi";
import { words } from "../doors/dynamic/words.ts";
import type { Context, Session } from "../provider/index.ts";
import type { Args } from "./dynamic.ts";
import { warnOfPlainCredentials } from "./plain-credentials.ts";

/** A function as Pulumi users know it: a promise from plain arguments. */
export type Read<A, R> = (args: A) => Promise<R>;
/** Its twin: an Output from Inputs. */
export type ReadOutput<A, R> = (args: Args<A>) => pulumi.Output<R>;

/** What the functions of one program share. */
let session: Session | undefined;

/** Both forms of one function of the provider. */
export function functionPair<A extends object, R>(name: string): [Read<A, R>, ReadOutput<A, R>] {
  const read: Read<A, R> = async (args) => {
    // Loaded when first called: programs that only declare resources start faster without it.
    const { invoke, Session: Opened } = await import("../provider/index.ts");
    session ??= new Opened();
    warnOfPlainCredentials();
    return invoke<A, R>(name, { ...programContext(), session }, args);
  };
  return [read, (args) => pulumi.output(args).apply((known) => read(known as A)) as pulumi.Output<R>];
}

function programContext(): Context {
  return {
    // Not through pulumi.Config: it warns of secrets that are read in clear, and these are handled as such.
    config: Object.assign((key: string) => pulumi.runtime.getConfig(key), {
      keys: () => Object.keys(pulumi.runtime.allConfig()),
    }),
    preview: pulumi.runtime.isDryRun(),
    words,
    signal: new AbortController().signal,
    progress: () => {},
    warn: (message) => void pulumi.log.warn(message),
    inform: (message) => void pulumi.log.info(message),
  };
}
