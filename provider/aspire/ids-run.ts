import { InputError } from "../core/data/errors.ts";
import type { Failure } from "../core/data/inputs.ts";
import type { Http } from "../core/http/call.ts";
import { pathFailure, textFailure } from "../core/http/path.ts";
import type { Forecast, Spec } from "../core/lifecycle/resource.ts";
import { runResource, type Unfinished } from "../core/lifecycle/run.ts";
import { enumerate, quote } from "./ids.ts";
import type { Done, IdsInputs } from "./ids-inputs.ts";
import { type IdsRun, sendAll } from "./ids-sending.ts";
import { aspire, speaksDraft } from "./system.ts";

/*
 * SeedRelease, WorkerRelease and BatchAcknowledgement are one job: a call for each of some ids, and the page's same forms of
 * saying which. All ids are tried, whatever becomes of one of them: nobody wants four seeds held back by a fifth that does
 * not exist. Those that the manager has accepted are kept in state and not sent again; those that failed are named.
 */

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
    noRerunOn: ["form"],
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
      if (pending.length === 0) return { [output]: listDone() };
      const failure = await sendAll(run, scope, inputs, pending, {
        listDone,
        accept(items) {
          for (const item of items) done.set(item.id, item);
          // Kept as soon as there is something to keep: it must not be sent again, whatever comes next.
          if (done.size > 0) scope.keep({ done: listDone() }, { [output]: listDone() });
        },
      });
      if (failure) throw failure;
      return { [output]: listDone() };
    },
  });
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
      textFailure(id) ??
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
