import type { Properties } from "../history.ts";
import { companionOf } from "../program.ts";
import type { Declaration, Door } from "../story.ts";
import type { Engine } from "./engine.ts";
import { CallFailed, type Host } from "./host.ts";
import { type Resource, urnOf } from "./state.ts";

/** How the engine writes, in a preview, a value that is not known yet. */
const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
/** Stands for the text of the provider: it comes back as it went. */
const providerText = "the provider";

/** What a step did with a resource. */
type Deed = "create" | "update" | "replace" | "same" | "skip" | "failed";

/** Runs with a companion that is registered ahead of them. */
const withCompanion = ["redis:NodeAction", "factfinder:DatabasePrune"];

/** The part of a command in which a program is registered, resource by resource, and what is in it no more is deleted. */
export class Update {
  readonly #engine: Engine;
  readonly #host: Host;
  readonly #program: readonly Declaration[];
  readonly #isPreview: boolean;
  readonly #door: Door;
  readonly #registered = new Map<string, Promise<Deed>>();
  readonly #kept = new Set<string>();
  /** Of a preview: resources whose outputs are not known yet. */
  readonly #changing = new Set<string>();
  #turn: Promise<unknown> = Promise.resolve();

  constructor(engine: Engine, host: Host, program: readonly Declaration[], isPreview = false) {
    this.#engine = engine;
    this.#host = host;
    this.#program = program;
    this.#isPreview = isPreview;
    this.#door = engine.step.door ?? "dynamic";
  }

  async run(): Promise<void> {
    for (const declaration of this.#program)
      this.#registered.set(declaration.name, this.#register(declaration));
    await Promise.all(this.#registered.values());
    if (this.#mayGoOn()) await this.#deleteTheRest();
  }

  #mayGoOn(): boolean {
    const { record, step, isInterrupted } = this.#engine;
    if (isInterrupted) return false;
    return record.errors.length === 0 || step.continueOnError === true;
  }

  async #register(declaration: Declaration): Promise<Deed> {
    const needed = [...(declaration.dependsOn ?? []), ...(declaration.triggersFrom ?? []).map(ownerOf)];
    const deeds = await Promise.all(needed.map((name) => this.#registered.get(name)));
    if (deeds.some((deed) => deed === "failed" || deed === "skip")) return "failed";
    let before: unknown;
    if (withCompanion.includes(declaration.type)) {
      const companion = companionOf(declaration);
      const deed = await this.#step(companion, {});
      this.#registered.set(companion.name, Promise.resolve(deed));
      if (deed === "failed") return "failed";
      // Where it is not known yet, the program says nothing of it.
      if (!this.#changing.has(companion.name)) before = this.#find(companion)?.outputs.before;
      else if (this.#door === "native") before = unknown;
    }
    return this.#step(
      declaration,
      before === undefined ? {} : { [this.#door === "native" ? "before" : "__before"]: before },
    );
  }

  async #step(declaration: Declaration, more: Properties): Promise<Deed> {
    const { name, type } = declaration;
    const engine = this.#engine;
    const before = this.#find(declaration);
    this.#kept.add(before?.urn ?? "");
    // As of its run: the engine does not leave a companion out that the user did not name.
    const isLeftOut = isExcluded(engine.step.targets, engine.step.excludes, name);
    if (isLeftOut) return before ? "same" : "skip";
    const urn = urnOf(engine.options.stack, type, name, this.#door);
    let news: Properties = {};
    let deed: Deed = "same";
    let isFine = true;
    // The engine checks and compares one resource after the other.
    const planning = this.#turn.then(async () => {
      if (!this.#mayGoOn()) {
        isFine = false;
        return;
      }
      const checked = await this.#host.check(urn, before?.inputs ?? {}, {
        ...this.#inputsOf(declaration),
        ...more,
        ...(this.#door === "dynamic" && { __provider: providerText, __urn: urn, __preview: this.#isPreview }),
      });
      if (checked.failures.length > 0) {
        for (const { property, reason } of checked.failures)
          engine.fail(name, new Error(`${property}: ${reason}`));
        isFine = false;
        return;
      }
      news = checked.inputs;
      if (!before) deed = "create";
      else if (before.isTainted) deed = "replace";
      else {
        const { changes, replaces } = await this.#host.diff(urn, before.id, before.outputs, news);
        deed = replaces.length > 0 ? "replace" : changes || before.isUnready ? "update" : "same";
      }
    });
    this.#turn = planning.catch(() => {});
    try {
      await planning;
      if (!isFine) return "failed";
      if (deed !== "same") engine.record.changes.push(`${deed} ${name}`);
      if (this.#isPreview) {
        if (deed === "same") return deed;
        this.#changing.add(name);
        await this.#host.preview(urn, deed === "update" ? before : undefined, news);
        return deed;
      }
      await this.#carryOut(deed, urn, before, news, declaration);
      return deed;
    } catch (error) {
      engine.fail(name, error as Error);
      return "failed";
    }
  }

  async #carryOut(
    deed: Deed,
    urn: string,
    before: Resource | undefined,
    news: Properties,
    { name, type, dependsOn = [] }: Declaration,
  ): Promise<void> {
    const engine = this.#engine;
    const put = async (id: string, outputs: Properties, isUnready = false) => {
      const after: Resource = {
        urn,
        name,
        type,
        id,
        inputs: news,
        outputs,
        dependsOn,
        isUnready,
        isTainted: false,
      };
      engine.replace(before, after);
      await engine.checkpoint();
    };
    if (deed === "same") {
      if (before && before.urn !== urn) await put(before.id, before.outputs, before.isUnready);
      return;
    }
    // The engine writes what it is about to do before it does it.
    await engine.checkpoint();
    try {
      if (deed === "update" && before) {
        const { outs } = await this.#host.update(urn, before.id, before.outputs, news, before.inputs);
        await put(before.id, outs);
        return;
      }
      if (deed === "replace" && before) {
        await this.#host.delete(before.urn, before.id, before.outputs);
        engine.replace(before, undefined);
        await engine.checkpoint();
      }
      const { id, outs } = await this.#host.create(urn, news);
      await put(id, outs);
    } catch (error) {
      if (error instanceof CallFailed && error.properties)
        await put(error.id ?? before?.id ?? "", error.properties, true);
      throw error;
    }
  }

  /** In the order of their dependencies, those that nothing depends on first. */
  async #deleteTheRest(): Promise<void> {
    const engine = this.#engine;
    const names = new Set(this.#program.flatMap((it) => [it.name, companionOf(it).name]));
    let left = engine.state.filter(
      ({ urn, name }) =>
        !this.#kept.has(urn) &&
        !names.has(name) &&
        !isExcluded(engine.step.targets, engine.step.excludes, name),
    );
    if (this.#isPreview) {
      engine.record.changes.push(...left.map(({ name }) => `delete ${name}`));
      return;
    }
    while (left.length > 0 && this.#mayGoOn()) {
      const needed = new Set(left.flatMap(({ dependsOn }) => [...dependsOn]));
      const free = left.filter(({ name }) => !needed.has(name));
      const now = free.length > 0 ? free : left;
      left = left.filter((it) => !now.includes(it));
      await Promise.all(
        now.map(async (resource) => {
          try {
            engine.record.changes.push(`delete ${resource.name}`);
            await engine.checkpoint();
            await this.#host.delete(resource.urn, resource.id, resource.outputs);
            engine.replace(resource, undefined);
            await engine.checkpoint();
          } catch (error) {
            engine.fail(resource.name, error as Error);
          }
        }),
      );
    }
  }

  #find({ type, name, aliases = [] }: Declaration): Resource | undefined {
    const { state, options } = this.#engine;
    // The classes name the other way to the provider as an alias.
    const doors: Door[] = this.#door === "native" ? ["native", "dynamic"] : ["dynamic", "native"];
    const urns = doors.flatMap((door) =>
      [name, ...aliases].map((each) => urnOf(options.stack, type, each, door)),
    );
    return urns.map((urn) => state.find((it) => it.urn === urn)).find(Boolean);
  }

  #inputsOf({ inputs, triggersFrom = [] }: Declaration): Properties {
    if (triggersFrom.length === 0) return inputs;
    const triggers = triggersFrom.map((from) => {
      const owner = ownerOf(from);
      if (this.#changing.has(owner)) return unknown;
      return (
        this.#engine.state.find(({ name }) => name === owner)?.outputs[from.slice(owner.length + 1)] ?? null
      );
    });
    return { ...inputs, triggers };
  }
}

function ownerOf(output: string): string {
  return output.slice(0, output.indexOf("."));
}

/** A target means the resource alone; an excluded run takes its companion not with it. */
function isExcluded(targets: string[] | undefined, excludes: string[] | undefined, name: string): boolean {
  return (targets !== undefined && !targets.includes(name)) || (excludes?.includes(name) ?? false);
}
