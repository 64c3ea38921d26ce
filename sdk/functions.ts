import type * as Pulumi from "@pulumi/pulumi";
import { words } from "../doors/shared/words.ts";
import type { Context, Session } from "../provider/index.ts";
import { shownBriefly } from "../runtime/brief-error.ts";
import { usualDoor } from "./doors.ts";
import type { Args } from "./dynamic.ts";
import { warnOfPlainCredentials } from "./plain-credentials.ts";
import { pulumi } from "./pulumi.ts";

/** A function as Pulumi users know it: a promise from plain arguments. */
export type Read<A, R> = (args: A) => Promise<R>;
/** Its twin: an Output from Inputs. */
export type ReadOutput<A, R> = (args: Args<A>) => Pulumi.Output<R>;

/** What the functions of one program share. */
let session: Session | undefined;

/** Both forms of one function of the provider. */
export function functionPair<A extends object, R>(name: string): [Read<A, R>, ReadOutput<A, R>] {
  const token = `clusterops:${name}`;
  const read: Read<A, R> = async (args) => {
    if (isElsewhere()) return pulumi.runtime.invoke(token, { ...args }).catch(throwBriefly) as Promise<R>;
    // Loaded when first called: programs that only declare resources start faster without it.
    const { ClusteropsError, invoke, Session: Opened } = await import("../provider/index.ts");
    session ??= new Opened();
    warnOfPlainCredentials();
    try {
      return await invoke<A, R>(name, { ...programContext(), session }, args);
    } catch (error) {
      if (error instanceof ClusteropsError) throwBriefly(error);
      throw error;
    }
  };
  return [
    read,
    (args) =>
      isElsewhere()
        ? pulumi.runtime.invokeOutput<R>(token, { ...args } as Pulumi.Inputs)
        : (pulumi.output(args).apply((known) => read(known as A)) as Pulumi.Output<R>),
  ];
}

/** What an operator is to read says all in its message: of a cluster that is down no stack trace tells more. */
function throwBriefly(error: Error): never {
  throw shownBriefly(error);
}

/** Whether the answer comes from elsewhere: from the native plugin, or from the test. */
function isElsewhere(): boolean {
  return isMocked() || usualDoor() === "native";
}

/** Whether this is a unit test of a program, after `pulumi.runtime.setMocks`: then the test says what a function answers. */
function isMocked(): boolean {
  const monitor: object | undefined = pulumi.runtime.getMonitor();
  return monitor !== undefined && "mocks" in monitor;
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
