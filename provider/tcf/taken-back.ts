import { advice } from "../core/data/advice.ts";
import { clock } from "../core/data/clock.ts";
import { parseDuration } from "../core/data/duration.ts";
import { ClusteropsError, Refusal } from "../core/data/errors.ts";
import { handleOf } from "../core/lifecycle/resource.ts";
import type { Session } from "../core/work/installation.ts";
import type { Scope } from "../core/work/scope.ts";
import type { SentCall } from "./sending.ts";

/*
 * A switch of ours that somebody else undid, most likely a coordinator that found the cluster unhealthy. It is recorded, and not
 * repeated until its user has been told, or asks for something else: two that each undo what the other did would go on for ever.
 */

/** What is recorded of a switch that did not stand. */
interface TakenBack {
  /** ISO time at which it was seen. */
  at: string;
  /** What was seen instead, e.g. `cluster1 active, cluster2 passive`. */
  seen: string;
  /** What the switch was asked for by: a refresh records the drift in the inputs, and must not pass for another request. */
  request: SwitchRequest;
}

/** The inputs that ask for a switch. */
export interface SwitchRequest {
  /** The input `active` or `role`. */
  goal: string;
  /** The cluster's name, where `goal` may be another spelling of it. */
  name?: string;
  force?: boolean;
  stableFor?: string | number;
  resolveBothActive?: boolean;
}

/** What is recorded of a switch that has not come to its end. */
type RecordedSwitch = SentCall & {
  /** It was seen to be carried out, and had to stand yet. */
  reached?: { at: string; request: SwitchRequest };
  takenBack?: TakenBack;
};

/** The switch was carried out, and then undone by somebody else. */
export class TakenBackError extends ClusteropsError {
  /** What was seen instead. */
  readonly seen: string;

  constructor(what: string, seen: string, how = "undone by somebody else") {
    super(
      `${what} and then ${how} (${seen}); a coordinator switches by itself when it finds a cluster unhealthy. The next ${advice.up} does not switch again unless its preview has announced it, or the inputs ask for something else`,
    );
    this.seen = seen;
  }
}

/** What is recorded of the last switch, and what this operation adds to it: the same sequence for every resource that switches. */
export interface SwitchRecord {
  /** What the last operation recorded. */
  last: RecordedSwitch | undefined;
  /**
   * Why the switch must not be sent now: somebody else has undone the last one. None for another request, and where the user has seen
   * it announced.
   *
   * @param wasSent whether this operation has sent a call before
   */
  objection(seen: string, wasSent: boolean): Error | undefined;
  /** The switch was carried out, and has to stand yet. */
  keepReached(): void;
  /** Records it, where a take-back is what the operation failed of. */
  keepTakenBack(error: unknown): void;
}

/**
 * @param recorded what the last operation recorded
 * @param property the input that asks for the switch
 */
export function switchRecord(
  scope: Scope,
  recorded: object | undefined,
  property: string,
  request: SwitchRequest,
): SwitchRecord {
  const last = handleOf(recorded) as RecordedSwitch | undefined;
  const add = (more: Partial<RecordedSwitch>) => scope.keep({ ...(scope.kept?.handle ?? last), ...more });
  const now = () => new Date(clock.now()).toISOString();
  return {
    last,
    objection: (seen, wasSent) =>
      undoneSince(last, request, seen) ?? refusal(scope, last, { property, request, wasSent }),
    keepReached: () => add({ reached: { at: now(), request } }),
    keepTakenBack(error) {
      if (error instanceof TakenBackError) add({ takenBack: { at: now(), seen: error.seen, request } });
    },
  };
}

/**
 * What became of a switch that an earlier, interrupted operation had seen carried out, and that is to be sent again now: somebody
 * else has undone it.
 */
function undoneSince(
  last: RecordedSwitch | undefined,
  request: SwitchRequest,
  seen: string,
): TakenBackError | undefined {
  const { reached, takenBack } = last ?? {};
  if (!reached || takenBack || !isSame(reached.request, request)) return undefined;
  return new TakenBackError(
    `the switch to ${request.name ?? request.goal} was seen to be carried out at ${reached.at},`,
    seen,
  );
}

/** The take-backs that previews in this process have told their user of, by the time at which they were seen. */
function announcedIn(session: Session): Set<string> {
  return session.note("tcf: take-backs that were announced", () => new Set<string>());
}

/** For a preview of the same request: whoever reads it has been told. */
export function foreseeTakenBack(
  handle: object,
  request: SwitchRequest,
  session: Session | undefined,
): string | undefined {
  const { takenBack } = handle as { takenBack?: TakenBack };
  if (!takenBack || !isSame(takenBack.request, request)) return undefined;
  if (session) announcedIn(session).add(takenBack.at);
  return `the last switch was undone by somebody else (seen at ${takenBack.at}: ${takenBack.seen}); a ${advice.up} that shows this preview switches again`;
}

function refusal(
  scope: Scope,
  last: RecordedSwitch | undefined,
  { property, request, wasSent }: { property: string; request: SwitchRequest; wasSent: boolean },
): Refusal | undefined {
  const takenBack = last?.takenBack;
  if (!takenBack || !isSame(takenBack.request, request)) return undefined;
  if (scope.previewed === true || announcedIn(scope.session).has(takenBack.at)) return undefined;
  // Where the door cannot tell whether there was a preview, another one would not help.
  const withPreview =
    scope.previewed === false
      ? `run ${advice.up} with its preview to switch again, or change`
      : "to switch again, change";
  const so = wasSent ? "" : ", and nothing was sent now";
  return new Refusal(
    property,
    `the last switch was undone by somebody else (seen at ${takenBack.at}: ${takenBack.seen})${so}: ${withPreview} ${property}, force or stableFor`,
  );
}

function isSame(before: SwitchRequest, now: SwitchRequest): boolean {
  const isSameGoal =
    now.goal === before.goal ||
    [now.goal, now.name].some((goal) => goal !== undefined && goal === before.name);
  const options = ["force", "resolveBothActive"] as const;
  const isSameWay = options.every((option) => (now[option] ?? false) === (before[option] ?? false));
  return isSameGoal && isSameWay && durationOf(now) === durationOf(before);
}

/** `2`, "2s" and "2000ms" are the same. */
function durationOf({ stableFor }: SwitchRequest): number | undefined {
  return stableFor === undefined ? undefined : parseDuration(stableFor, "stableFor", { zero: true });
}
