import { isDeepStrictEqual } from "node:util";
import {
  type Context,
  type Failure,
  invoke,
  lifecycle,
  type PropertyDiff,
  type Result,
  Session,
  unknown,
} from "../../provider/index.ts";
import { earlyKey, isCompanion, tooEarly } from "../shared/companions.ts";
import { contextOf, type DoorContext, type Shared, watched } from "../shared/context.ts";
import { withoutValue } from "../shared/failures.ts";
import { place, typeOf } from "../shared/urn.ts";
import { type Answer, type How, NotReady } from "./answer.ts";
import { Attempts } from "./attempts.ts";
import type { Properties } from "./codec.ts";
import type { Settings } from "./configuration.ts";
import { inner, outer, recorded, recordedMemory, withoutNulls } from "./properties.ts";

/** What one plugin process has to do with. */
export interface Surroundings extends Partial<Shared> {
  settings: Settings;
  /** Aborts when the user cancels, or the engine is gone. */
  signal: AbortSignal;
  env?: NodeJS.ProcessEnv;
}

/**
 * The operations of a native plugin, on plain values: it translates between the ways of Pulumi's engine and the lifecycle, and knows
 * nothing of any resource.
 *
 * The engine does not tell `check` and `diff` whether they belong to a preview; it tells `create` and `update`. So those look ahead
 * (`plan`), and `check` judges only what needs no look.
 */
export class Operations {
  readonly #given: Surroundings;
  readonly #session: Session;
  readonly #attempts: Attempts;
  readonly #isTooEarly: (urn: string) => boolean;
  /** What is going to be replaced, by its place: of the new one alone nobody could say why. */
  readonly #replaced = new Map<string, Properties>();

  constructor(given: Surroundings) {
    this.#given = given;
    this.#session = given.session ?? new Session();
    this.#attempts = new Attempts(given.line, given.env);
    this.#isTooEarly = tooEarly(given.line);
  }

  async check(urn: string, news: Properties): Promise<Answer & { failures: Failure[] }> {
    const { type, check, plan, secretsIn } = resourceAt(urn);
    const checked = check(inner(type, withoutNulls(news, secretsIn(news))));
    const { inputs } = checked;
    // Nothing has changed between the inputs and themselves: connections are judged, and what is declared is noted; nothing is read.
    const failures =
      checked.failures.length > 0 ? checked.failures : await plan(this.#context(urn), inputs, inputs);
    return {
      ...this.#answer(type, inputs, failures.length > 0),
      failures: failures.map((failure) => withoutValue(failure, news)),
    };
  }

  async diff(urn: string, olds: Properties, news: Properties): Promise<Record<string, PropertyDiff>> {
    const { type, diff } = resourceAt(urn);
    this.#attempts.saw(type, olds);
    if (this.#isTooEarly(urn)) return {};
    const changes = await diff(this.#context(urn), recorded(type, olds), inner(type, news));
    if (Object.values(changes).some(({ replace }) => replace)) this.#replaced.set(place(urn), olds);
    return { ...changes, ...(earlyKey in olds && { early: { kind: "update" } }) };
  }

  async create(urn: string, news: Properties, how: How): Promise<Answer & { id: string }> {
    const { type, create, complete, diff } = resourceAt(urn);
    const inputs = inner(type, news);
    const context = this.#context(urn, how, { type, inputs });
    // In a preview what is replaced is still there, and will have been deleted by then.
    const olds = how.preview ? this.#replaced.get(place(urn)) : undefined;
    // For what it says of another installation, which it could not say before.
    if (olds) await diff(context, recorded(type, olds), inputs);
    const before = olds && inner(type, olds);
    const isMoved = before && isDeepStrictEqual(complete(before), complete(inputs));
    await this.#lookAhead(urn, context, isMoved ? undefined : before, inputs);
    if (how.preview) return { id: "", ...this.#previewed(type, inputs) };
    const result = await watched(context, (shown) => create(shown, inputs));
    this.#attempts.made(urn);
    return {
      id: result.id,
      ...this.#outcome(type, result, this.#isTooEarly(urn) ? { [earlyKey]: true } : {}),
    };
  }

  async update(
    urn: string,
    id: string,
    { olds, oldInputs }: { olds: Properties; oldInputs: Properties },
    news: Properties,
    how: How,
  ): Promise<Answer> {
    const { type, create, diff, update } = resourceAt(urn);
    const inputs = inner(type, news);
    const context = this.#context(urn, how, { type, inputs });
    const was = recorded(type, olds);
    // For what it says of unfinished work and of moved connections, which it could not say before.
    if (how.preview) await diff(context, was, inputs);
    await this.#lookAhead(urn, context, inner(type, oldInputs), inputs);
    if (how.preview) return this.#previewed(type, inputs);
    const result = await watched(context, (shown) =>
      earlyKey in olds ? create(shown, inputs) : update(shown, id, was, inputs),
    );
    this.#attempts.made(urn);
    return this.#outcome(type, result);
  }

  /** @param properties empty: it is to be imported. @returns undefined: there is no such thing */
  async read(
    urn: string,
    id: string,
    properties: Properties,
  ): Promise<(Answer & { inputs: Answer }) | undefined> {
    const { type, adopt, read } = resourceAt(urn);
    const isImport = Object.keys(properties).length === 0;
    const found = await read(
      this.#recordedContext(urn),
      isImport ? { outputs: adopt(id) } : recorded(type, properties),
    );
    if (!found) return undefined;
    return {
      ...this.#answer(type, { ...found.outputs, ...recordedMemory(found.memory) }),
      inputs: this.#answer(type, found.inputs),
    };
  }

  async delete(urn: string, properties: Properties, timeout: number): Promise<void> {
    const { type, delete: remove } = resourceAt(urn);
    const was = recorded(type, properties);
    const context = this.#recordedContext(urn, { preview: false, timeout });
    // What has taken its place under its name declares the same thing.
    if (this.#attempts.isReplaced(urn)) context.resource = `${context.resource} (replaced)`;
    await watched(context, (shown) => remove(shown, was));
    this.#attempts.deleted(urn, was.outputs);
  }

  async invoke(token: string, args: Properties, preview: boolean): Promise<Properties> {
    return invoke(token.replace(/^clusterops:/, ""), this.#context("", { preview, timeout: 0 }), args);
  }

  /** @throws Error with all that cannot work: nothing is sent then */
  async #lookAhead(
    urn: string,
    context: Context,
    before: Properties | undefined,
    inputs: Properties,
  ): Promise<void> {
    const { plan, complete } = resourceAt(urn);
    const failures = await plan(context, before && complete(before), inputs);
    if (failures.length > 0)
      throw new Error(failures.map(({ property, reason }) => `${property}: ${reason}`).join("; "));
  }

  /** What a companion is going to see is known when it has looked: a run that gets it is not one without a record. */
  #previewed(type: string, inputs: Properties): Answer {
    const properties = isCompanion(type) ? { ...inputs, before: unknown } : inputs;
    this.#attempts.saw(type, properties);
    return this.#answer(type, properties);
  }

  #outcome(type: string, result: Result, more: Properties = {}): Answer {
    this.#attempts.saw(type, result.outputs);
    const answer = this.#answer(type, { ...result.outputs, ...recordedMemory(result.memory), ...more });
    if (result.outcome !== "ready") throw new NotReady(result, answer);
    return answer;
  }

  #answer(type: string, properties: Properties, isWrong = false): Answer {
    // What is wrong may be of any shape, and is not recorded.
    const paths = isWrong ? [] : lifecycle(type).secretsIn(properties);
    return { properties: outer(type, properties), paths };
  }

  #context(urn: string, how?: How, run?: { type: string; inputs: Properties }): DoorContext {
    const { line, messagesOf, settings, signal } = this.#given;
    return contextOf(
      { session: this.#session, line, messagesOf, words: settings.words },
      {
        ...(run && this.#attempts.of(run.type, urn, run.inputs)),
        urn,
        // A function has no row: its messages are on the stack's.
        isUnderWay: how !== undefined && urn !== "",
        config: settings.config,
        signal,
        preview: how?.preview,
        ...(how && how.timeout > 0 && { timeoutSeconds: how.timeout }),
      },
    );
  }

  /** For a refresh, and a delete: for them the engine configures an explicit provider with what the last update recorded. */
  #recordedContext(urn: string, how?: How): DoorContext {
    const { settings } = this.#given;
    return Object.assign(this.#context(urn, how), { latestConfig: async () => settings.latest() });
  }
}

/** The lifecycle of a resource, by the type in its URN: `clusterops:redis:NodeAction`, after those of its parents. */
function resourceAt(urn: string) {
  const type = typeOf(urn).replace(/^clusterops:/, "");
  return { type, ...lifecycle(type) };
}
