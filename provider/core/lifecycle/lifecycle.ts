import { isDeepStrictEqual } from "node:util";
import { worded } from "../data/advice.ts";
import { clock } from "../data/clock.ts";
import { describeFailure } from "../data/errors.ts";
import type { Failure } from "../data/inputs.ts";
import { oneLine } from "../data/one-line.ts";
import { settingsWithin } from "../data/settings-within.ts";
import { containsUnknown } from "../data/unknown.ts";
import { withoutUndefined } from "../data/values.ts";
import type { Context } from "../work/context.ts";
import { deciding } from "../work/deciding.ts";
import type { Scope } from "../work/scope.ts";
import { describeEndOfDeletion } from "../work/sent.ts";
import { foreseeDeletion, holdDeletionToApproval } from "./approval.ts";
import { foreseeSwitch } from "./guarding.ts";
import { beforeKey } from "./intent.ts";
import { takeUpLate, withLateRight } from "./late-recorded.ts";
import { leaveLate } from "./left-late.ts";
import { changedBy, type Recorded } from "./memory.ts";
import { knowsMore, placesOf, standing } from "./place.ts";
import { checkInputs, forecast, planInputs } from "./plan.ts";
import { ageOfReads, hasRead } from "./refreshes.ts";
import { handleKey, type Properties, type Spec } from "./resource.ts";
import { withLatestCredentials } from "./rotation.ts";
import { announceMove, type Result, settle } from "./settle.ts";
import { declared, nameIn, scopeFor, seen, shapeOf, waysOf } from "./shape.ts";
import { inWordsOf, leftOver, wordedResult } from "./wording.ts";

/** How one property differs between what is recorded and what is wanted. */
export interface PropertyDiff {
  kind: "add" | "update" | "delete";
  /** The change means another object. */
  replace?: boolean;
}

/** What a door asks of one resource type: plain data in, plain data out. */
export interface Lifecycle {
  /** Whether it stands for something that is so, or for one execution of a job. */
  readonly kind: Spec["kind"];
  /** Inputs whose change means another object. */
  readonly replacedBy: readonly string[];
  /** Completes the inputs with defaults, and says what is wrong with them as they stand: no network, no configuration. */
  check(inputs: Properties): { inputs: Properties; failures: Failure[] };
  /** Where properties hold credentials inside of others, e.g. `nodes[1]`: doors whose engine can keep secrets mark them. */
  secretsIn(properties: Properties): string[];
  /** Inputs, of whatever version, as today's defaults complete them. */
  complete(inputs: Properties): Properties;
  /**
   * Looks ahead: says by `context` what would happen and what is surprising, and answers with what cannot work.
   *
   * @param recordedInputs undefined: it is to be created
   */
  plan(context: Context, recordedInputs: Properties | undefined, inputs: Properties): Promise<Failure[]>;
  /** The recorded inputs of an import id. @throws Error where there is no import, or the id says nothing */
  adopt(id: string): Properties;
  /** By property; empty when there is nothing to do. */
  diff(context: Context, recorded: Recorded, inputs: Properties): Promise<Record<string, PropertyDiff>>;
  /** @throws Error when nothing was set going: there is nothing to record */
  create(context: Context, inputs: Properties): Promise<Result>;
  /** Undefined when it is gone. */
  read(context: Context, recorded: Recorded): Promise<(Recorded & { inputs: Properties }) | undefined>;
  /** @throws Error as create */
  update(context: Context, id: string, recorded: Recorded, inputs: Properties): Promise<Result>;
  delete(context: Context, recorded: Recorded): Promise<void>;
  /** Looks ahead at a delete, as `plan` does. Reads nothing. */
  planDelete(context: Context, recorded: Recorded): Promise<Failure[]>;
  /** What a delete undoes, in a few words; undefined: it only forgets, and sends nothing. */
  undoes(recorded: Recorded): string | undefined;
}

/** Derives the lifecycle from a spec: once, for all resources and all doors, each of which says in its own words what users do next. */
export function lifecycleOf(spec: Spec): Lifecycle {
  const own = derived(spec);
  return {
    ...own,
    kind: spec.kind,
    replacedBy: spec.replaceOn,
    plan: (context, recordedInputs, inputs) =>
      inWordsOf(context, async (said) => {
        const failures = await own.plan(said, recordedInputs, inputs);
        return failures.map(({ property, reason }) => ({ property, reason: worded(reason, context.words) }));
      }),
    diff: (context, recorded, inputs) => inWordsOf(context, (said) => own.diff(said, recorded, inputs)),
    create: async (context, inputs) =>
      wordedResult(context, await inWordsOf(context, (said) => own.create(said, inputs))),
    read: (context, recorded) => inWordsOf(context, (said) => own.read(said, recorded)),
    update: async (context, id, recorded, inputs) =>
      wordedResult(context, await inWordsOf(context, (said) => own.update(said, id, recorded, inputs))),
    delete: (context, recorded) => inWordsOf(context, (said) => own.delete(said, recorded)),
    undoes: (recorded) => spec.undoes?.(seen(recorded)),
    planDelete: (context, recorded) =>
      inWordsOf(context, async (said) => {
        if (spec.undoes(seen(recorded)) === undefined) return [];
        return foreseeDeletion(spec, said, recorded.outputs);
      }),
  };
}

function derived(spec: Spec): Omit<Lifecycle, "kind" | "replacedBy" | "undoes" | "planDelete"> {
  const { names, inputsOf, withoutInputs, complete } = shapeOf(spec);

  return {
    check(given) {
      const { inputs, failures } = checkInputs(spec, given);
      return { inputs: withoutUndefined({ ...inputs, [beforeKey]: given[beforeKey] }), failures };
    },

    secretsIn: (properties) => settingsWithin(`${spec.type}Inputs`, properties),

    complete,

    plan(context, recordedInputs, given) {
      const { [beforeKey]: before, ...inputs } = given;
      return planInputs(spec, context, recordedInputs && complete(recordedInputs), inputs, before);
    },

    adopt(id) {
      if (!spec.inputsOf)
        throw new Error(
          `${spec.type} cannot be imported: declare it, and a preview says what would be sent, if anything`,
        );
      return complete(spec.inputsOf(id));
    },

    async diff(context, recorded, inputs) {
      const changes: Record<string, PropertyDiff> = {};
      const [are, shall] = [complete(recorded.outputs), complete(inputs)];
      for (const name of names) {
        const [before, after] = [are[name], shall[name]];
        if (!containsUnknown(after) && isDeepStrictEqual(before, after)) continue;
        const kind = before === undefined ? "add" : after === undefined ? "delete" : "update";
        changes[name] = { kind, ...(spec.replaceOn.includes(name) && { replace: true }) };
      }
      const places = placesOf(spec, context, recorded, inputs);
      const { moved } = places;
      for (const name of moved)
        changes[name] = { kind: "update", ...(spec.kind === "state" && { replace: true }) };
      if (context.preview) announceMove(spec, context, recorded, inputs, places);
      // A record that does not know all addresses would take the next move for another installation.
      if (moved.length === 0 && knowsMore(places, recorded)) changes.installation = { kind: "update" };
      // A refresh clears the engine's own mark of an unfinished resource (measured): ours is in memory.
      const unfinished = recorded.memory?.handle;
      if (unfinished) changes.unfinished = { kind: "update" };
      // Nothing else in a preview would say why there is an update without a difference.
      if (unfinished && context.preview && moved.length === 0) {
        const isReplaced = Object.values(changes).some(({ replace }) => replace);
        const isSame = spec.kind === "state" || containsUnknown(shall) || spec.isSameIntent(are, shall);
        const risk = isReplaced ? undefined : spec.foresee?.(seen(recorded), inputs, context.session);
        const left = leftOver({ hasFailed: "failed" in unfinished, isReplaced, isSame });
        (risk ? context.warn : context.inform)(oneLine(`${spec.subject(recorded.outputs)}: ${risk ?? left}`));
      }
      if (context.preview && moved.length === 0) await foreseeSwitch(spec, context, recorded, shall);
      // Its inputs have not changed, so that no plan has said what it will do.
      const runsThere = spec.kind === "run" && moved.length > 0;
      if (context.preview && (runsThere || (unfinished && "failed" in unfinished && moved.length === 0))) {
        const previous = spec.kind === "state" ? seen(recorded) : undefined;
        const refusals = await forecast(spec, context, shall, { recorded: previous, before: undefined });
        for (const { property, reason } of refusals) context.warn(`${property}: ${reason}`);
      }
      return changes;
    },

    create: (context, inputs) =>
      settle(spec, context, spec.id(inputs), inputs, undefined).finally(() => hasRead(context)),

    read: (context, recorded) =>
      withLatestCredentials(spec, context, recorded.outputs, (current) => read(current, recorded)),

    update: (context, id, recorded, inputs) =>
      settle(spec, context, id, inputs, recorded).finally(() => hasRead(context)),

    delete: (context, recorded) =>
      withLatestCredentials(spec, context, recorded.outputs, (current) => remove(current, recorded)),
  };

  async function read(context: Context, recorded: Recorded): ReturnType<Lifecycle["read"]> {
    const where = standing(spec, context, recorded, "it cannot be read");
    const scope = scopeFor(spec, context, where, { sharesReads: ageOfReads(context) });
    const { own, found } = await describingFailure(scope, where, async () => ({
      own: withLateRight(recorded.memory, waysOf(spec, scope, where)),
      found: await spec.read(scope, seen({ ...recorded, outputs: where })),
    })).finally(() => hasRead(context));
    if (!found) {
      const { handle, late = [] } = own ?? {};
      // What was asked for may yet come, and nothing else would know whose it is.
      const mayCome = handle && late.some(({ until }) => until > clock.now());
      return mayCome ? { ...recorded, memory: own, inputs: inputsOf(recorded.outputs) } : undefined;
    }
    const isSettled = handleKey in found && found[handleKey as never] === undefined;
    const outputs = withoutUndefined({
      ...where,
      ...scope.redactOutputs(withoutInputs(found), where),
      ...inputsOf(found),
      ...("connection" in where && { connection: recorded.outputs.connection }),
    });
    const memory = changedBy(own, {
      ...(isSettled && { handle: undefined }),
      ...(spec.switches?.hasSwitched(where, outputs) && { switchedAt: clock.now() }),
    });
    return { outputs, inputs: inputsOf(outputs), memory };
  }

  async function remove(context: Context, recorded: Recorded): Promise<void> {
    const undone = spec.undoes(seen(recorded));
    if (undone === undefined) {
      leaveLate(spec, context, recorded);
      return;
    }
    const left = `${spec.subject(recorded.outputs)} is left there as it is, and ${undone} cannot be undone`;
    const where = standing(spec, context, recorded, left);
    const scope = scopeFor(spec, context, where);
    const work = async () => {
      const { resource = "" } = context;
      const ways = waysOf(spec, scope, where);
      for (const way of ways) await scope.identify(way);
      const object = declared(spec, where);
      const [other] = ways.flatMap(
        ({ installation }) => installation.declarations.declaredByAnother(object, resource) ?? [],
      );
      for (const { installation } of ways) installation.declarations.release(object, resource);
      if (other !== undefined) {
        context.warn(
          `${spec.subject(where)}: only forgotten, since ${nameIn(other)} declares it, too; nothing was sent`,
        );
        return;
      }
      takeUpLate(scope, recorded, ways);
      holdDeletionToApproval(spec, context, scope, where);
      await deciding(scope, (decision) => spec.remove(decision, seen({ ...recorded, outputs: where })));
    };
    await describingFailure(scope, where, work, describeEndOfDeletion);
  }

  async function describingFailure<T>(
    scope: Scope,
    recorded: Properties,
    work: () => Promise<T>,
    describe: (error: unknown, scope: Scope, subject: string) => Error = describeFailure,
  ): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw describe(error, scope, spec.subject(recorded));
    } finally {
      scope.end();
    }
  }
}
