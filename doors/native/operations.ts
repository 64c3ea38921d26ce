import {
  type Context,
  invoke,
  lifecycle,
  type PropertyDiff,
  type Result,
  Session,
} from "../../provider/index.ts";
import { type CommandLine, showsPreview } from "../shared/command-line.ts";
import { withoutValue } from "../shared/failures.ts";
import type { Messages } from "../shared/messages.ts";
import { hasCompanion, place } from "../shared/update.ts";
import { words } from "../shared/words.ts";
import type { Decoded, Properties } from "./codec.ts";
import { Forced, unrecorded } from "./forced.ts";
import { inner, outer, recorded, recordedMemory } from "./properties.ts";

/** What one plugin process has to do with. */
export interface Surroundings {
  session?: Session;
  /** The command line of the CLI, where it can be told. */
  line?: CommandLine;
  /** Where what is said of a resource goes, by its URN. */
  messagesOf(urn: string): Messages;
  config(key: string): string | undefined;
  /** Aborts when the user cancels, or the engine is gone. */
  signal: AbortSignal;
  env?: NodeJS.ProcessEnv;
}

/** How the engine asks for an operation. */
export interface How {
  preview: boolean;
  /** `customTimeouts` of the resource, in seconds; 0: none. */
  timeout: number;
}

interface Failure {
  property: string;
  reason: string;
}

/** Properties to be recorded, and the inputs whose inner values hold credentials. */
export interface Answer {
  properties: Properties;
  paths: string[];
}

/** A create or an update that is to be recorded although it is not done. */
export class NotReady extends Error {
  readonly result: Result;
  readonly answer: Answer;
  /** What it was asked with. */
  inputs?: Decoded;

  constructor(result: Result, answer: Answer) {
    super(result.reasons.join("; "));
    this.result = result;
    this.answer = answer;
  }
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
  readonly #forced = new Forced();

  constructor(given: Surroundings) {
    this.#given = given;
    this.#session = given.session ?? new Session();
  }

  async check(urn: string, news: Properties): Promise<Answer & { failures: Failure[] }> {
    const { type, check, plan } = resourceAt(urn);
    const checked = check(inner(type, news));
    const { inputs } = checked;
    // Nothing has changed between the inputs and themselves: connections are judged, and what is declared is noted; nothing is read.
    const failures =
      checked.failures.length > 0 ? checked.failures : await plan(this.#context(urn), inputs, inputs);
    return {
      ...this.#answer(type, inputs, failures.length > 0),
      failures: failures.map((failure) => withoutValue(failure, news)),
    };
  }

  diff(urn: string, olds: Properties, news: Properties): Promise<Record<string, PropertyDiff>> {
    const { type, diff } = resourceAt(urn);
    return diff(this.#context(urn), recorded(type, olds), inner(type, news));
  }

  async create(urn: string, news: Properties, how: How): Promise<Answer & { id: string }> {
    const { type, create } = resourceAt(urn);
    const inputs = inner(type, news);
    const context = this.#context(urn, how, { type, inputs });
    await this.#lookAhead(urn, context, undefined, inputs);
    if (how.preview) return { id: "", ...this.#answer(type, inputs) };
    const result = await this.#watched(urn, () => create(context, inputs));
    return { id: result.id, ...this.#outcome(type, result) };
  }

  async update(
    urn: string,
    id: string,
    { olds, oldInputs }: { olds: Properties; oldInputs: Properties },
    news: Properties,
    how: How,
  ): Promise<Answer> {
    const { type, diff, update } = resourceAt(urn);
    const inputs = inner(type, news);
    const context = this.#context(urn, how, { type, inputs });
    // For what it says of unfinished work and of moved connections, which it could not say before.
    if (how.preview) await diff(context, recorded(type, olds), inputs);
    await this.#lookAhead(urn, context, inner(type, oldInputs), inputs);
    if (how.preview) return this.#answer(type, inputs);
    const result = await this.#watched(urn, () => update(context, id, recorded(type, olds), inputs));
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
      this.#context(urn),
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
    await this.#watched(urn, () => remove(this.#context(urn, { preview: false, timeout }), was));
    this.#forced.deleted(urn, was.outputs);
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

  async #watched<T>(urn: string, work: () => Promise<T>): Promise<T> {
    const result = await work();
    // The row keeps what was shown last until all is over: a wait that has ended is not to look as if it still went on.
    await this.#given.messagesOf(urn).clear();
    return result;
  }

  #outcome(type: string, result: Result): Answer {
    const answer = this.#answer(type, { ...result.outputs, ...recordedMemory(result.memory) });
    if (result.outcome !== "ready") throw new NotReady(result, answer);
    return answer;
  }

  #answer(type: string, properties: Properties, isWrong = false): Answer {
    // What is wrong may be of any shape, and is not recorded.
    const paths = isWrong ? [] : lifecycle(type).secretsIn(properties);
    return { properties: outer(type, properties), paths };
  }

  #context(urn: string, how?: How, run?: { type: string; inputs: Properties }): Context {
    const { line, messagesOf, config, signal, env } = this.#given;
    const messages = messagesOf(urn);
    return {
      ...(run &&
        hasCompanion(run.type) && {
          forced: this.#forced.has(urn, run.inputs),
          unrecorded: unrecorded(run.type, run.inputs, env),
        }),
      config,
      session: this.#session,
      words,
      signal,
      ...(urn && { resource: place(urn) }),
      preview: how?.preview,
      previewed: how?.preview === false && line ? showsPreview(line) : undefined,
      ...(how && how.timeout > 0 && { timeoutSeconds: how.timeout }),
      progress: (...told) => messages.progress(...told),
      warn: (message) => messages.warn(message),
      inform: (message) => messages.inform(message),
    };
  }
}

/** The lifecycle of a resource, by the type in its URN: `clusterops:redis:NodeAction`, after those of its parents. */
function resourceAt(urn: string) {
  const token = urn.split("::")[2]?.split("$").at(-1) ?? "";
  const type = token.replace(/^clusterops:/, "");
  return { type, ...lifecycle(type) };
}
