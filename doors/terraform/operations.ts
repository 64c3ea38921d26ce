import { type Context, invoke, lifecycle, Session } from "../../provider/index.ts";
import { hasCompanion } from "../shared/companions.ts";
import { Attempts, runsAgain, unrecorded } from "./attempts.ts";
import type { RawObject } from "./codec.ts";
import {
  answerInTerraform,
  answering,
  type Diagnostic,
  endingOf,
  errorAt,
  isError,
  notBegun,
  warningOf,
} from "./diagnostics.ts";
import { newName } from "./private-data.ts";
import { keptWith, Replaced } from "./replaced.ts";
import { type Attribute, dataSourceAt, isInput, resourceAt } from "./schema.ts";
import { checked, recordedAs, unchanged, wanted } from "./states.ts";
import type { Answer, Recorded, Surroundings } from "./surroundings.ts";
import { type Properties, propertiesOf, rawObject } from "./values.ts";

/**
 * The operations of a provider, on values as Terraform writes them: it translates between the ways of Terraform and the lifecycle, and
 * knows nothing of any resource.
 *
 * Terraform asks for a plan when it previews, and again, in another process, right before it carries out: the second one looks ahead for
 * the operation, which then need not.
 */
export class Operations {
  readonly #given: Surroundings;
  readonly #session: Session;
  readonly #attempts = new Attempts();
  readonly #replaced = new Replaced();

  constructor(given: Surroundings) {
    this.#given = given;
    this.#session = given.session ?? new Session();
  }

  /** Shape and formats: no network, no configuration. */
  validate(typeName: string, config: RawObject): Diagnostic[] {
    const { attributes, type } = resourceAt(typeName);
    return checked(attributes, type, config).diagnostics;
  }

  async plan(
    typeName: string,
    { state: prior, data }: Recorded,
    config: RawObject | null,
  ): Promise<Answer & { replaces: string[] }> {
    const { attributes, type } = resourceAt(typeName);
    if (prior) this.#replaced.notePlanned(data);
    // What a delete does is not looked up.
    if (!config)
      return answering(attributes, { state: null, data, replaces: [] as string[] }, async (said) => {
        this.#attempts.leaving(data.resource);
        if (prior) await this.#lookAheadOfDelete(typeName, said, prior, data);
        return { state: null, data, replaces: [] };
      });
    const same: Recorded & { replaces: string[] } = { state: prior, data, replaces: [] };
    const { unfinished } = this.#attempts;
    if (unfinished !== undefined) return { ...same, diagnostics: [notBegun(unfinished, this.#given.words)] };
    const { inputs, diagnostics } = checked(attributes, type, config);
    if (diagnostics.length > 0) return { ...same, diagnostics };
    const planned = (replaced: boolean) => ({
      ...wanted(attributes, config, inputs),
      ...(prior && !replaced && { id: prior.id }),
    });
    return answering(attributes, same, async (said) => {
      const { plan, complete, diff } = lifecycle(type);
      const lookAheadOfNew = (resource?: string) => {
        const context = this.#context(said, { typeName, inputs, resource, preview: true });
        return this.#lookAhead(attributes, said, () => plan(context, undefined, inputs));
      };
      if (!prior) {
        const resource = newName(typeName);
        await lookAheadOfNew(resource);
        const kept = this.#replaced.by(typeName, config, data);
        return { state: planned(false), data: { resource, ...kept }, replaces: [] };
      }
      const recorded = recordedAs(attributes, prior, data);
      this.#attempts.seen(recorded.outputs);
      const context = this.#context(said, { typeName, inputs, resource: data.resource, preview: true });
      // Without a session: what it announces is for whoever reads this plan, not for the operation that this process may carry out.
      const changes = Object.values(await diff({ ...context, session: undefined }, recorded, inputs));
      const isReplaced = changes.some(({ replace }) => replace);
      if (isReplaced) {
        await this.#lookAheadOfDelete(typeName, said, prior, data);
        // Terraform plans it once more, as something new, and shows none of what that warns of.
        await lookAheadOfNew();
        return { state: planned(true), data, replaces: ["id"] };
      }
      if (changes.length === 0) return { state: unchanged(attributes, prior, config), data, replaces: [] };
      await this.#lookAhead(attributes, said, () => plan(context, complete(recorded.outputs), inputs));
      return { state: planned(false), data, replaces: [] };
    });
  }

  /** @param planned null: it is to be deleted */
  async apply(
    typeName: string,
    { state: prior, data: given }: Recorded,
    planned: RawObject | null,
  ): Promise<Answer> {
    const { attributes, type } = resourceAt(typeName);
    const data = planned ? given : keptWith({ state: prior, data: given });
    const before: Recorded = { state: prior, data };
    return answering(attributes, before, async (said) => {
      const { kind, create, update, delete: remove, undoes } = lifecycle(type);
      const recorded = prior ? recordedAs(attributes, prior, data) : undefined;
      const isForgotten = !planned && recorded && undoes(recorded) === undefined;
      const { unfinished } = this.#attempts;
      if (unfinished !== undefined && !isForgotten) {
        said.push(notBegun(unfinished, this.#given.words));
        return before;
      }
      const { resource = newName(typeName) } = data;
      if (!planned) {
        const unrun = this.#attempts.notRunAgain(recorded?.outputs ?? {}, resource, this.#given.words);
        if (unrun !== undefined) throw new Error(unrun);
        if (recorded) await remove(this.#context(said, { typeName, resource, preview: false }), recorded);
        this.#attempts.deleted(recorded?.outputs ?? {});
        return { state: null, data: {} };
      }
      const inputs = propertiesOf(attributes.filter(isInput), planned);
      const context = this.#context(said, { typeName, inputs, resource, preview: false });
      let result = recorded
        ? await update(context, String(prior?.id), recorded, inputs)
        : await create(context, inputs);
      const again = recorded ? undefined : runsAgain(inputs, result);
      if (again !== undefined) {
        context.warn(again);
        result = await create({ ...context, forced: true }, inputs);
      }
      const { id, outcome, outputs, memory, reasons } = result;
      const state = rawObject(attributes, { ...outputs, id, ready: outcome === "ready" }, [planned, prior]);
      if (!recorded && outcome === "ready") this.#attempts.made(outputs);
      if (outcome !== "ready") {
        const ending = endingOf(
          {
            isForgotten: kind === "run" && undoes(result) === undefined,
            outcome,
            reason: reasons.join("; "),
            isNew: !prior,
          },
          this.#given.words,
        );
        said.push(ending);
        if (!isError(ending)) this.#attempts.halt(`${typeName} ${id}`);
      }
      return { state, data: { resource, memory } };
    });
  }

  async read(typeName: string, { state, data }: Recorded): Promise<Answer> {
    const { attributes, type } = resourceAt(typeName);
    const before: Recorded = { state, data };
    // Nothing tells yet where it is.
    if (!state || !this.#given.configuration.isKnown) return { ...before, diagnostics: [] };
    return answering(attributes, before, async (said) => {
      const recorded = recordedAs(attributes, state, data);
      this.#attempts.seen(recorded.outputs);
      const { resource = newName(typeName) } = data;
      const found = await lifecycle(type).read(this.#context(said, { typeName, resource }), recorded);
      if (!found) return { state: null, data: {} };
      const { outputs, memory } = found;
      const properties = { ...outputs, id: state.id, ready: memory?.handle === undefined };
      const read = { state: rawObject(attributes, properties, [state]), data: { resource, memory } };
      this.#replaced.noteRead(typeName, read);
      return read;
    });
  }

  /** What the id says; a read that follows tells the rest. */
  async adopt(typeName: string, id: string): Promise<Answer> {
    const { attributes, type } = resourceAt(typeName);
    return answering(attributes, { state: null, data: {} } as Recorded, async () => {
      const state = rawObject(attributes, { ...lifecycle(type).adopt(id), id });
      return { state, data: { resource: newName(typeName) } };
    });
  }

  async readData(typeName: string, config: RawObject): Promise<Omit<Answer, "data">> {
    const { attributes, type } = dataSourceAt(typeName);
    return answering(attributes, { state: null } as Pick<Recorded, "state">, async (said) => {
      if (!this.#given.configuration.isKnown)
        throw new Error(
          "the provider's connections are not known yet: they depend on a resource that is still to be made",
        );
      const args = propertiesOf(attributes.filter(isInput), config);
      const result: Properties = await invoke(type, this.#context(said, { typeName }), args);
      return { state: rawObject(attributes, { ...answerInTerraform(result), ...args }, [config]) };
    });
  }

  async #lookAhead(
    attributes: readonly Attribute[],
    said: Diagnostic[],
    plan: () => Promise<{ property: string; reason: string }[]>,
  ): Promise<void> {
    if (!this.#given.configuration.isKnown) return;
    for (const failure of await plan()) said.push(errorAt(attributes, failure));
  }

  async #lookAheadOfDelete(
    typeName: string,
    said: Diagnostic[],
    state: RawObject,
    data: Recorded["data"],
  ): Promise<void> {
    const { attributes, type } = resourceAt(typeName);
    const context = this.#context(said, { typeName, resource: data.resource, preview: true });
    const recorded = recordedAs(attributes, state, data);
    await this.#lookAhead(attributes, said, () => lifecycle(type).planDelete(context, recorded));
  }

  #context(
    said: Diagnostic[],
    {
      typeName,
      inputs,
      ...how
    }: { typeName: string; inputs?: Properties; resource?: string; preview?: boolean },
  ): Context {
    const { configuration, words, apply, signal, log } = this.#given;
    const isPlan = how.preview === true;
    const warn = (message: string) => {
      const warning = warningOf(message);
      if (!said.some(({ summary }) => summary === warning.summary)) said.push(warning);
    };
    return {
      ...how,
      ...(inputs &&
        hasCompanion(resourceAt(typeName).type) && {
          forced: this.#attempts.isForced(inputs, isPlan),
          ...(isPlan && { unrecorded: unrecorded(typeName, inputs, words) }),
        }),
      config: configuration.get,
      session: this.#session,
      words,
      signal,
      previewed: how.preview === false ? apply?.wasShown : undefined,
      progress: log,
      warn,
      // A saved plan has been read: what it said would happen has, by the time that this is shown.
      inform: apply?.isSavedPlan ? () => {} : warn,
    };
  }
}
