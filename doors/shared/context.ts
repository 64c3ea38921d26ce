import type { Context, Session, Words } from "../../provider/index.ts";
import { type CommandLine, showsPreview } from "./command-line.ts";
import type { Messages } from "./messages.ts";
import { skipsCheckpoints } from "./update.ts";
import { place, programOf } from "./urn.ts";
import { words as stackWords } from "./words.ts";

/** What all operations of one process of a door have in common. */
export interface Shared {
  session: Session;
  /** The command line of the CLI, where it can be told. */
  line?: CommandLine;
  /** Where what is said of a resource goes, by its URN. Absent: nowhere. */
  messagesOf?: (urn: string, isUnderWay?: boolean) => Messages;
  /** What users do next. Default: what they do with stack configuration. */
  words?: Words;
}

/** What an engine asks for by one operation. */
export interface Asked
  extends Pick<Context, "config" | "signal" | "timeoutSeconds" | "preview" | "forced" | "unrecorded"> {
  /** Of the resource; empty where it is none. */
  urn: string;
  /** Whether the engine has shown that the operation has begun. */
  isUnderWay: boolean;
}

/** The context of one operation, and how to blank what it has shown on the resource's row. */
export interface DoorContext extends Context {
  clear(): Promise<void>;
}

/** How the doors of Pulumi put an operation to the lifecycle. */
export function contextOf(
  { session, line, messagesOf, words = stackWords }: Shared,
  { urn, isUnderWay, ...asked }: Asked,
): DoorContext {
  const messages = messagesOf?.(urn, isUnderWay);
  return {
    ...asked,
    session,
    words,
    ...(urn && { resource: place(urn), planned: { program: programOf(urn), resource: place(urn) } }),
    previewed: asked.preview === false && line ? showsPreview(line) : undefined,
    progress: (...told) => messages?.progress(...told),
    // What is so of the whole update is said once, on the stack's own row.
    warn: (message) => (message === skipsCheckpoints ? messagesOf?.("") : messages)?.warn(message),
    inform: (message) => messages?.inform(message),
    clear: async () => messages?.clear(),
  };
}

/** The row keeps what was shown last until all is over: a wait that has ended is not to look as if it still went on. */
export async function watched<T>(context: DoorContext, work: (context: Context) => Promise<T>): Promise<T> {
  try {
    return await work(context);
  } finally {
    await context.clear();
  }
}
