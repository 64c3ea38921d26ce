import { ClusteropsError, InputError } from "../core/data/errors.ts";
import type { Failure } from "../core/data/inputs.ts";
import type { CallOptions, Http } from "../core/http/http.ts";
import type { Forecast, Spec } from "../core/lifecycle/resource.ts";
import { type RunInputs, runResource, type Unfinished } from "../core/lifecycle/run.ts";
import type { Scope } from "../core/work/scope.ts";
import { FailureInAnswer } from "./answers.ts";
import type { Reply } from "./client.ts";
import { sendByGet, sendIdObjects, sendOneId, type Target } from "./draft-client.ts";
import { failedIds } from "./failed-ids.ts";
import { enumerate, idFailure, pathFailure, quote } from "./ids.ts";
import { concernsEveryId, explainFailure, sendOnce } from "./sending.ts";
import { aspire, speaksDraft } from "./system.ts";

/*
 * SeedRelease, WorkerRelease and BatchAcknowledgement are one job: a call for each of some ids, and the page's same forms of
 * saying which. All ids are tried, whatever becomes of one of them: nobody wants four seeds held back by a fifth that does
 * not exist. Those that the manager has accepted are kept in state and not sent again; those that failed are named.
 */

/**
 * How the ids are sent.
 * - `path`: one call an id, so that a failure names it: the id in the path or, where a path cannot carry it, `{"id": ["..."]}` in
 *   the body, as both pages have it.
 * - `ids`: one call for all, `{"id": ["...", "..."]}` in the body: all or nothing.
 * - on the draft page (`basePath: "/aspire_api"`) also `get` (one GET an id, in the path, so none that a path cannot carry), `id`
 *   (one call an id, `{"id": "..."}` in the body) and `objects` (one call for all, `[{"id": "..."}, ...]` in the body).
 */
export type IdsForm = "path" | "ids" | "get" | "id" | "objects";

/** What the three resources take beside their ids. */
export interface IdsInputs extends RunInputs {
  /**
   * How the ids are sent: `path` (one call an id, so that a failure names it) or `ids` (one call for all, all or nothing);
   * with `basePath: "/aspire_api"` also `get`, `id` and `objects`, which only that draft of the page has. With `path`, an id that
   * holds `/`, `\`, `;`, `%` or a control character, or is `.` or `..`, is sent in the body, still one call an id: servlet
   * containers refuse it in a path however it is encoded. `get` has no body, so such an id is refused there.
   * A change is recorded and sends nothing.
   * @default "path"
   */
  form?: IdsForm;
}

/** One id that the manager has accepted, with what it said. */
export interface Done {
  /** As it was given. */
  id: string;
  /** What the manager said, if anything. */
  message?: string;
}

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
  /** `PUT .../:id`. */
  sendOne(http: Http, id: string, inputs: I, options: CallOptions): Promise<Reply>;
  /** `PUT ...` with `{"id": [...]}`. */
  sendAll(http: Http, ids: string[], inputs: I, options: CallOptions): Promise<Reply>;
}

interface Handle {
  done: Done[];
}

/** Derives the run resource. */
export function idsRun<I extends IdsInputs>(run: IdsRun<I>): Spec {
  const { type, property, idsOf, nouns, verb, output } = run;
  return runResource<I, Record<string, Done[]>, Handle>({
    system: aspire,
    type,
    timeout: "5m",
    manner: ["form"],
    id: (inputs) => enumerate(idsOf(inputs)),
    subject: (inputs) => `aspire ${nouns} ${enumerate(idsOf(inputs))}`,
    validate: (inputs) => refusedIds(property, idsOf(inputs)),

    async plan({ http }, inputs): Promise<Forecast> {
      const ids = idsOf(inputs);
      const count = ids.length === 1 ? run.noun : `${ids.length} ${nouns}`;
      return {
        plan: `${verb} ${count}: ${enumerate(ids)}`,
        refusals: [...inexact(property, inputs[property]), ...refusedForm(property, ids, inputs, http)],
      };
    },

    async run(scope, inputs, unfinished) {
      const ids = idsOf(inputs);
      const done = new Map(doneBefore(property, unfinished).map((item) => [item.id, item]));
      const listDone = () => ids.flatMap((id) => done.get(id) ?? []);
      const pending = ids.filter((id) => !done.has(id));
      // An earlier version began it: what it left is sent, in the one form that can carry it.
      const isResumed = unfinished?.changed.length === 0 && speaksDraft(scope.http);
      const refusals = () => [
        ...inexact(property, inputs[property]),
        ...(isResumed ? [] : refusedForm(property, ids, inputs, scope.http, done)),
      ];
      const [refused] = pending.length > 0 ? refusals() : [];
      if (refused) throw new InputError(refused.property, `${refused.property}: ${refused.reason}`);
      const trouble: Trouble = { failed: [], untried: [] };
      const groups =
        inputs.form === "ids" || inputs.form === "objects" ? [pending] : pending.map((id) => [id]);
      for (const group of pending.length > 0 ? groups : []) {
        if (trouble.ended) {
          trouble.untried.push(...group);
          continue;
        }
        try {
          const reply = await sendOnce(scope, (options) => send(run, scope.http, group, inputs, options));
          for (const id of group) done.set(id, { id, ...reply });
          scope.progress(`${accepted}: ${done.size} of ${ids.length} ${nouns}`);
        } catch (error) {
          trouble.ended = concernsEveryId(error, scope);
          const failed = (error instanceof FailureInAnswer && failedIds(error.body, group)) || group;
          for (const id of group) if (!failed.includes(id)) done.set(id, { id });
          trouble.failed.push({
            ids: failed,
            error,
            isTold: failed.length < group.length || group.length === 1,
          });
        }
        // Kept as soon as there is something to keep: it must not be sent again, whatever comes next.
        if (listDone().length > 0) scope.keep({ done: listDone() }, { [output]: listDone() });
      }
      if (trouble.failed.length > 0) throw summary(run, scope, listDone(), trouble);
      return { [output]: listDone() };
    },
  });
}

interface Trouble {
  /** `isTold`: which of the call's ids failed is known. */
  failed: { ids: string[]; error: unknown; isTold: boolean }[];
  untried: string[];
  /** The rest would fare the same. */
  ended?: boolean;
}

function send<I extends IdsInputs>(
  run: IdsRun<I>,
  http: Http,
  ids: string[],
  inputs: I,
  options: CallOptions,
): Promise<Reply> {
  const [first = ""] = ids;
  switch (inputs.form) {
    case "ids":
      return run.sendAll(http, ids, inputs, options);
    case "get":
      return pathFailure(first)
        ? sendOneId(http, run.target, first, options)
        : sendByGet(http, run.target, first, options);
    case "id":
      return sendOneId(http, run.target, first, options);
    case "objects":
      return sendIdObjects(http, run.target, ids, options);
    default:
      return pathFailure(first)
        ? run.sendAll(http, ids, inputs, options)
        : run.sendOne(http, first, inputs, options);
  }
}

/** What an unfinished attempt has done already. Nothing counts when more than the list of ids has changed: another intent. */
function doneBefore<I extends IdsInputs>(
  property: string,
  unfinished: Unfinished<I, Handle> | undefined,
): Done[] {
  const isSameIntent = unfinished?.changed.every((name) => name === property);
  return (isSameIntent && unfinished?.handle.done) || [];
}

function refusedIds(property: string, ids: string[]): Failure[] {
  return ids.flatMap((id, index) => {
    const at = `${property}[${index}]`;
    const first = ids.indexOf(id);
    const reason =
      idFailure(id) ??
      (first < index ? `${JSON.stringify(id)} is given twice: it is ${property}[${first}] too` : "");
    return reason ? [{ property: at, reason }] : [];
  });
}

/** A number that JavaScript has rounded by the time that it is seen here names another thing. */
function inexact(property: string, given: unknown): Failure[] {
  return [given].flat().flatMap((id, index) => {
    if (typeof id !== "number" || Number.isSafeInteger(id)) return [];
    const reason = `${id} is not a whole number up to 2^53, beyond which numbers are rounded: write it as text, "..."`;
    return [{ property: `${property}[${index}]`, reason }];
  });
}

/** Refused where it is to be sent, not in `validate`: what is done stays valid, however it was sent. */
function refusedForm(
  property: string,
  ids: string[],
  { form = "path" }: IdsInputs,
  http: Http,
  done: ReadonlyMap<string, unknown> = new Map(),
): Failure[] {
  if (form === "path" || form === "ids") return [];
  if (!speaksDraft(http)) {
    const reason = `"${form}" is a form of the draft page only: write "path" or "ids", or set basePath: "/aspire_api"`;
    return [{ property: "form", reason }];
  }
  if (form !== "get") return [];
  return ids.flatMap((id, index) => {
    const failure = !done.has(id) && pathFailure(id);
    if (!failure) return [];
    const reason = `${quote(id)} ${failure}, and form "get" has no body: write "path", "id", "ids" or "objects"`;
    return [{ property: `${property}[${index}]`, reason }];
  });
}

/** All that is known of what is done: no call of Aspire tells more. */
const accepted = "accepted by the manager";

function summary<I extends IdsInputs>(run: IdsRun<I>, scope: Scope, done: Done[], trouble: Trouble): Error {
  const { noun, nouns } = run;
  const failures = trouble.failed.map(
    ({ ids, error }) =>
      `${ids.length === 1 ? noun : nouns} ${enumerate(ids)}: ${explainFailure(error, scope, ids.length)}`,
  );
  const inDoubt = trouble.failed.filter(({ error, isTold }) => error instanceof FailureInAnswer && !isTold);
  const text = [
    ...failures,
    ...(inDoubt.length > 0
      ? [
          "which of them were accepted is not told: the next pulumi up sends all again, and twice does no harm",
        ]
      : [`${accepted}: ${enumerate(done.map(({ id }) => id)) || "none"}`]),
    ...(trouble.untried.length > 0 ? [`not tried: ${enumerate(trouble.untried)}`] : []),
    ...(done.length > 0 ? ["the next pulumi up leaves out what was accepted"] : []),
  ].join("; ");
  return new ClusteropsError(text, { cause: trouble.failed[0]?.error });
}
