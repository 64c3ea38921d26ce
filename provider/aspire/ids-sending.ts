import { advice } from "../core/data/advice.ts";
import { ClusteropsError, messageOf, reworded } from "../core/data/errors.ts";
import type { CallOptions, Effects, Http } from "../core/http/call.ts";
import { pathFailure } from "../core/http/path.ts";
import type { Permit } from "../core/http/permit.ts";
import { Locks } from "../core/work/lock.ts";
import type { Scope } from "../core/work/scope.ts";
import { FailureInAnswer } from "./answers.ts";
import type { Reply } from "./client.ts";
import { sendByGet, sendIdObjects, sendOneId, type Target } from "./draft-client.ts";
import { failedIds } from "./failed-ids.ts";
import { enumerate } from "./ids.ts";
import type { Done, IdsInputs } from "./ids-inputs.ts";
import { concernsEveryId, explainFailure, lacksRight, sendUntilAnswered } from "./sending.ts";

/** What differs between the three. */
export interface IdsRun<I extends IdsInputs> {
  type: string;
  /** The input that holds the ids. */
  property: keyof I & string;
  idsOf(inputs: I): string[];
  /** What an id names, e.g. `seed`. */
  noun: string;
  /** The plural of `noun`. */
  nouns: string;
  /** For the plan, e.g. `release`. */
  verb: string;
  /** The output that lists what the manager has accepted, e.g. `released`. */
  output: string;
  target: Target;
  effects: Effects;
  /** `PUT .../:id`. */
  sendOne(http: Http, id: string, inputs: I, permit: Permit, options: CallOptions): Promise<Reply>;
  /** `PUT ...` with `{"id": [...]}`. */
  sendAll(http: Http, ids: string[], inputs: I, permit: Permit, options: CallOptions): Promise<Reply>;
}

/** What has become of the ids so far. */
interface Book {
  /** Those that the manager has accepted, in the order of the list. */
  listDone(): Done[];
  accept(items: Done[]): void;
}

/**
 * Sends them one at a time; those that have to be sent again wait until the others have had their turn.
 *
 * @returns what went wrong, if anything did
 */
export async function sendAll<I extends IdsInputs>(
  run: IdsRun<I>,
  scope: Scope,
  inputs: I,
  pending: string[],
  { listDone, accept }: Book,
): Promise<Error | undefined> {
  const { verb, noun, nouns, effects, idsOf } = run;
  const { length } = idsOf(inputs);
  const trouble: Trouble = { failed: [], untried: [] };
  const turns = new Locks();

  async function work(group: string[]): Promise<void> {
    let isTried = false;
    try {
      const reply = await sendUntilAnswered(scope, {
        what: `${verb} ${group.length === 1 ? noun : nouns} ${enumerate(group)}`,
        on: `${nouns} ${group.join()}`,
        does: verb,
        ...effects,
        send: (permit, options) =>
          turns.hold("manager", scope.signal, async () => {
            if (trouble.end) throw trouble.end;
            isTried = true;
            try {
              return await send(run, scope.http, group, inputs, permit, options);
            } catch (error) {
              // Before the next one has its turn.
              if (lacksRight(error)) trouble.end ??= error;
              throw error;
            }
          }),
      });
      accept(group.map((id) => ({ id, ...reply })));
      scope.progress(`${accepted}: ${listDone().length} of ${length} ${nouns}`);
    } catch (error) {
      if (isTried) fail(group, error);
      else {
        trouble.untried.push(...group);
        trouble.before ??= error;
      }
    }
  }

  function fail(group: string[], error: unknown): void {
    if (concernsEveryId(error, scope)) trouble.end ??= error;
    const ids = (error instanceof FailureInAnswer && failedIds(error.body, group)) || group;
    accept(group.filter((id) => !ids.includes(id)).map((id) => ({ id })));
    trouble.failed.push({ ids, error, isTold: ids.length < group.length || group.length === 1 });
  }

  const isOneCall = inputs.form === "ids" || inputs.form === "objects";
  await Promise.all((isOneCall ? [pending] : pending.map((id) => [id])).map(work));
  if (trouble.failed.length > 0) return summary(run, scope, idsOf(inputs), listDone(), trouble);
  // Nothing was tried, and so nothing is done.
  return trouble.before === undefined ? undefined : reworded(trouble.before, messageOf(trouble.before));
}

interface Trouble {
  /** `isTold`: which of the call's ids failed is known. */
  failed: { ids: string[]; error: unknown; isTold: boolean }[];
  untried: string[];
  /** Why one of them never had its turn. */
  before?: unknown;
  /** After which the rest would fare the same. */
  end?: unknown;
}

function send<I extends IdsInputs>(
  run: IdsRun<I>,
  http: Http,
  ids: string[],
  inputs: I,
  permit: Permit,
  options: CallOptions,
): Promise<Reply> {
  const [first = ""] = ids;
  switch (inputs.form) {
    case "ids":
      return run.sendAll(http, ids, inputs, permit, options);
    case "get":
      return pathFailure(first)
        ? sendOneId(http, run.target, first, permit, options)
        : sendByGet(http, run.target, first, permit, options);
    case "id":
      return sendOneId(http, run.target, first, permit, options);
    case "objects":
      return sendIdObjects(http, run.target, ids, permit, options);
    default:
      return pathFailure(first)
        ? run.sendAll(http, ids, inputs, permit, options)
        : run.sendOne(http, first, inputs, permit, options);
  }
}

/** All that is known of what is done: no call of Aspire tells more. */
const accepted = "accepted by the manager";

function summary<I extends IdsInputs>(
  { noun, nouns }: IdsRun<I>,
  scope: Scope,
  ids: string[],
  done: Done[],
  trouble: Trouble,
): Error {
  // In the order of the list, whichever came to its end first.
  const place = ([first = ""]: string[]) => ids.indexOf(first);
  const failed = trouble.failed.toSorted((one, other) => place(one.ids) - place(other.ids));
  const untried = ids.filter((id) => trouble.untried.includes(id));
  const failures = failed.map(
    ({ ids, error }) =>
      `${ids.length === 1 ? noun : nouns} ${enumerate(ids)}: ${explainFailure(error, scope, ids.length)}`,
  );
  const inDoubt = failed.filter(({ error, isTold }) => error instanceof FailureInAnswer && !isTold);
  const text = [
    ...failures,
    ...(inDoubt.length > 0
      ? [
          `which of them were accepted is not told: the next ${advice.up} sends all again, and twice does no harm`,
        ]
      : [`${accepted}: ${enumerate(done.map(({ id }) => id)) || "none"}`]),
    ...(untried.length > 0 ? [`not tried: ${enumerate(untried)}`] : []),
    ...(done.length > 0 ? [`the next ${advice.up} leaves out what was accepted`] : []),
  ].join("; ");
  return new ClusteropsError(text, { cause: failed[0]?.error });
}
