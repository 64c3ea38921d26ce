import { messageOf } from "./errors.ts";

/** What is known of an activity, in the vendors' words and in OpenTelemetry's. Blanked of credentials by whoever notes it. */
export type Attributes = Record<string, string | number | boolean | undefined>;

/** What an operation consists of. */
export type Part = "step" | "wait" | "request";

/**
 * Something that goes on for a while and is told to observers: an operation, and in it its steps, waits and requests. Where nobody
 * observes there is none: what is told costs nothing then.
 */
export interface Activity {
  /** What a request carries, so that the server's own trace goes on from here (W3C Trace Context). Undefined: nothing. */
  readonly traceparent: string | undefined;
  begin(part: Part, name: string, attributes?: Attributes): Activity;
  note(attributes: Attributes): void;
  /** What a wait has seen, e.g. `running, 40 %`. */
  saw(what: string): void;
  /** A rule of the user's has been set aside, and why. */
  overrode(rule: string, reason: string): void;
  /** @param failure what it has failed with, in a sentence */
  end(failure?: string): void;
}

/** Runs `work` as a part of an activity, which ends with it. Where nobody is told, it only runs. */
export async function asPart<T>(
  activity: Activity | undefined,
  part: Part,
  name: string,
  work: (part: Activity | undefined) => Promise<T>,
): Promise<T> {
  if (!activity) return work(undefined);
  const begun = activity.begin(part, name);
  let failure: string | undefined;
  try {
    return await work(begun);
  } catch (error) {
    failure = messageOf(error);
    throw error;
  } finally {
    begun.end(failure);
  }
}
