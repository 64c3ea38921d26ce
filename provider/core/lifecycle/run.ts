import { isDeepStrictEqual } from "node:util";
import type { Connection, System } from "../connection/settings.ts";
import { type Failure, propertiesOf, withDefaults } from "../data/inputs.ts";
import type { Json } from "../data/values.ts";
import type { Scope } from "../work/scope.ts";
import type { Look } from "./facts.ts";
import { beforeKey, type IntentRecord, intentOf, nameOf, recordIn } from "./intent.ts";
import {
  type CommonInputs,
  type Forecast,
  handleKey,
  handleOf,
  type Properties,
  type Spec,
} from "./resource.ts";

/** What every run resource takes beside the common inputs. */
export interface RunInputs extends CommonInputs {
  /** Any values: when one of them changes, the job runs again, in place. */
  triggers?: unknown[];
}

/** What an earlier attempt left that did not come to an end. */
export interface Unfinished<I, H> {
  handle: H;
  /** Inputs that have changed since, `triggers` among them: with any, it was another intent. */
  changed: (keyof I & string)[];
}

/** A one-shot job as a resource. `I` inputs, `O` outputs beside the inputs, `H` the handle that tells ours from another's. */
export interface RunResource<I extends RunInputs, O extends object, H extends object> {
  system: System;
  type: string;
  timeout: string;
  id(inputs: I): string;
  /** What errors are about, e.g. `redis node 2`. */
  subject(inputs: I): string;
  connections?(inputs: I): [property: string, reference: string | Connection | undefined][];
  validate?(inputs: I): Failure[];
  /** Inputs that only say how, not what: a change is recorded and runs nothing. `connection` and `timeout` always are. */
  noRerunOn?: (keyof I & string)[];
  /** See `Spec`. */
  onlyRead?: (keyof I & string)[];
  /**
   * Runs the job once: or joins it, or goes on where an unfinished attempt stopped. Calls `scope.keep` before it waits.
   *
   * @param before what was there before the run, where a companion (`intentResource`) or a failed attempt recorded it
   * @throws RunFailed when the job ended badly: recorded with its reason, and run again by the next `up`
   */
  run(
    scope: Scope,
    inputs: I,
    unfinished: Unfinished<I, H> | undefined,
    before: Partial<H> | undefined,
  ): Promise<O>;
  /** Stops a job that is still running when its resource is deleted. Absent where the system cannot. */
  cancel?(scope: Scope, inputs: I, handle: H): Promise<void>;
  /**
   * @param known what is known of earlier runs: the recorded inputs, and what was there before, where a companion has recorded that for
   *   this very run
   */
  plan?(
    scope: Scope,
    inputs: I,
    known: { recorded: Partial<I> | undefined; before: Partial<H> | undefined },
  ): Promise<Forecast>;
  /** See `Spec`. */
  facts?: Look<I>;
  /** Whether each execution counts, so that one on another installation needs a changed `triggers`. Default: false. */
  isCounted?: boolean;
  /** See `Spec`. */
  declares?(inputs: I): string;
}

/** Derives from what a run resource is what the lifecycle does with it. */
export function runResource<
  I extends RunInputs,
  O extends object,
  H extends object = Record<string, unknown>,
>(resource: RunResource<I, O, H>): Spec {
  const { system, type, timeout } = resource;
  const as = <T>(properties: Properties) => properties as unknown as T;
  const noRerunOn = inputsWithoutRerun(resource);

  function changedSince(recorded: Properties, inputs: Properties): (keyof I & string)[] {
    const names = propertiesOf(`${type}Inputs`) as (keyof I & string)[];
    const [before, after] = [recorded, inputs].map((each) => withDefaults(`${type}Inputs`, each)) as [
      Json,
      Json,
    ];
    return names.filter((name) => !noRerunOn.has(name) && !isDeepStrictEqual(before[name], after[name]));
  }

  return {
    system,
    type,
    kind: "run",
    timeout,
    replaceOn: [],
    isCounted: resource.isCounted ?? false,
    onlyRead: resource.onlyRead ?? [],
    isSameIntent: (recorded, inputs) => changedSince(recorded, inputs).length === 0,
    id: (inputs) => resource.id(as<I>(inputs)),
    subject: (inputs) => resource.subject(as<I>(inputs)),
    declares: resource.declares && ((inputs) => resource.declares?.(as<I>(inputs)) as string),
    connections: (inputs) =>
      resource.connections?.(as<I>(inputs)) ?? [["connection", as<I>(inputs).connection]],
    validate: (inputs) => resource.validate?.(as<I>(inputs)) ?? [],
    async plan(scope, inputs, previous, { before: record }) {
      const runs = previous === undefined || changedSince(previous, inputs).length > 0;
      const before = recordIn({ [beforeKey]: record }, intentOf(type, inputs, noRerunOn))?.seen as
        | Partial<H>
        | undefined;
      const known = { recorded: previous && as<Partial<I>>(previous), before };
      const forecast = (runs && (await resource.plan?.(scope, as<I>(inputs), known))) || {};
      if (!runs || scope.unrecorded === undefined) return forecast;
      return { ...forecast, warnings: [...(forecast.warnings ?? []), scope.unrecorded] };
    },
    facts: resource.facts as unknown as Spec["facts"],
    async apply(scope, inputs, previous, { isForced, moved = [], usedRecord }) {
      const handle = moved.length > 0 ? undefined : handleOf(previous);
      const changed = previous ? [...changedSince(previous, inputs), ...(moved as (keyof I & string)[])] : [];
      if (previous && !handle && changed.length === 0 && !isForced) return recordedOutputs(previous);
      const failed = handle && "failed" in handle;
      const unfinished = handle && !failed && !isForced ? { handle: handle as H, changed } : undefined;
      // What is resumed is on record already.
      const unrecorded = scope.unrecorded ?? (isForced ? undefined : withoutRecord(inputs, usedRecord));
      if (!unfinished && unrecorded !== undefined) scope.warn(unrecorded);
      const before = isForced
        ? undefined
        : knownBefore(inputs, usedRecord, changed.length === 0 ? handle : undefined);
      return {
        ...(await resource.run(scope, as<I>(inputs), unfinished, before as Partial<H>)),
      } as Properties;
    },
    recordOf(inputs) {
      const record = ownRecord(inputs);
      return record && nameOf(record);
    },
    read: async (_scope, recorded) => recorded,
    undoes: (recorded) => (isInFlight(handleOf(recorded)) && resource.cancel ? "what still runs" : undefined),
    async remove(scope, recorded) {
      const handle = handleOf(recorded);
      if (isInFlight(handle)) await resource.cancel?.(scope, as<I>(recorded), handle as H);
    },
  };

  function ownRecord(inputs: Properties): IntentRecord | undefined {
    return recordIn(inputs, intentOf(type, inputs, noRerunOn));
  }

  /**
   * Why a kill would leave no record of the run: something may have changed its inputs on their way (a transformation), and not its
   * companion's, or an attempt before it has used the record up.
   */
  function withoutRecord(inputs: Properties, usedRecord: string | undefined): string | undefined {
    if (inputs[beforeKey] === undefined) return undefined;
    const own = ownRecord(inputs);
    if (own && nameOf(own) !== usedRecord) return undefined;
    const why = own ? "was used up by an attempt that had nothing done" : "is for other inputs than it has";
    return `the record of what was there before this run ${why}: should it be killed before it is recorded, it may run once more`;
  }

  /**
   * What was there before the run. A failed attempt knows better than a companion that looked before the failed one; and one that ended
   * before it had anything done has used up the companion's record: what came since is not of this run.
   */
  function knownBefore(
    inputs: Properties,
    usedRecord: string | undefined,
    handle: Properties | undefined,
  ): Properties | undefined {
    const own = ownRecord(inputs);
    if (own && nameOf(own) === usedRecord) return undefined;
    return handle && "failed" in handle ? handle : own?.seen;
  }
}

/** Whether the handle is that of a job that may still run. */
function isInFlight(handle: Properties | undefined): boolean {
  return handle !== undefined && !("failed" in handle);
}

/** The inputs that only say how. */
export function inputsWithoutRerun({
  noRerunOn = [],
}: {
  noRerunOn?: readonly string[];
}): ReadonlySet<string> {
  return new Set(["connection", "timeout", ...noRerunOn]);
}

function recordedOutputs(previous: Properties): Properties {
  const { [handleKey]: _, ...outputs } = previous as Properties & { [handleKey]?: unknown };
  return outputs;
}
