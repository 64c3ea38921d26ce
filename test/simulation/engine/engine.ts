import type { CommandLine } from "../../../doors/shared/command-line.ts";
import type { SharedWork } from "../../../provider/core/work/installation.ts";
import type { History, UserOperation } from "../history.ts";
import type { SimulatedNetwork } from "../network.ts";
import type { Declaration, Step } from "../story.ts";
import type { Random } from "../world/random.ts";
import { Process, type Scheduler } from "../world/scheduler.ts";
import { Host } from "./host.ts";
import { type Backend, type Resource, type State, urnOf } from "./state.ts";
import { Update } from "./update.ts";
import { asOf010 } from "./version-0-1-0.ts";

export interface EngineOptions {
  scheduler: Scheduler;
  history: History;
  network: SimulatedNetwork;
  random: Random;
  stack: string;
  backend: Backend;
  connections: string;
  shared: SharedWork;
  /** Tells that a write is due. @returns whether it is lost */
  beforeWrite(): boolean;
}

/** One command of Pulumi's CLI: the order in which its engine calls a provider, and when it writes the state. */
export class Engine {
  readonly process: Process;
  readonly step: Step;
  readonly record: UserOperation;
  readonly options: EngineOptions;
  host: Process | undefined;
  /** Somebody has pressed Ctrl-C: what has begun comes to its end, and nothing else begins. */
  isInterrupted = false;
  #cancel: (() => void) | undefined;
  /** What is so by now; the backend has it when it is written. */
  state: State;
  #hosts = 0;

  constructor(options: EngineOptions, step: Step, index: number, isQuiet = false) {
    const { stack, random, scheduler, history, backend } = options;
    this.options = options;
    this.step = step;
    this.state = backend.state;
    this.process = new Process(`${stack}/${index}`, random.fork());
    this.record = {
      stack,
      step: index,
      command: step.command,
      startedAt: scheduler.now,
      errors: [],
      changes: [],
      isQuiet,
    };
    history.operations.push(this.record);
  }

  interrupt(): void {
    if (this.isInterrupted || !this.process.isAlive) return;
    this.isInterrupted = true;
    this.record.errors.push("update cancelled");
    this.#cancel?.();
  }

  /** Carries it out to its end, or until it is killed. */
  async run(program: readonly Declaration[]): Promise<UserOperation> {
    const { scheduler, history, stack } = this.options;
    history.note(`$ ${stack}: pulumi ${described(this.step)}`);
    const { promise, resolve } = Promise.withResolvers<UserOperation["outcome"]>();
    this.process.onEnd(() => resolve("killed"));
    scheduler.after(0, this.process, () => {
      this.#command(program).then(
        () => resolve(this.record.errors.length > 0 ? "failed" : "ok"),
        (error: Error) => {
          this.record.errors.push(error.message);
          resolve("failed");
        },
      );
    });
    this.record.outcome = await promise;
    this.record.endedAt = scheduler.now;
    this.process.end();
    this.host?.end();
    history.note(`$ ${stack}: ${this.step.command} ${this.record.outcome}`);
    return this.record;
  }

  async #command(program: readonly Declaration[]): Promise<void> {
    const { backend } = this.options;
    switch (this.step.command) {
      case "up":
        if (!this.step.skipPreview && !(await this.preview(program))) return;
        return this.update(program);
      case "preview":
        await this.preview(program);
        return;
      case "refresh":
        await this.refresh(this.open(false));
        return this.finish();
      case "destroy":
        await new Update(this, this.open(false), []).run();
        return this.finish();
      case "state delete":
        this.state = this.state.filter(({ name }) => name !== this.step.name);
        return this.persist();
      case "taint":
        this.state = this.state.map((it) => (it.name === this.step.name ? { ...it, isTainted: true } : it));
        return this.persist();
      case "upgrade the package":
        this.state = this.state.map(asOf010);
        return this.persist();
      case "restore an older state":
        this.state = backend.versions[Math.floor(backend.versions.length / 2)] as State;
        return this.persist();
    }
  }

  /** @returns whether an update may follow */
  async preview(program: readonly Declaration[]): Promise<boolean> {
    const before = this.state;
    if (this.step.refresh) await this.refresh(this.open(true), true);
    await new Update(this, this.open(true), program, true).run();
    this.state = before;
    this.host?.end();
    return this.record.errors.length === 0;
  }

  async update(program: readonly Declaration[]): Promise<void> {
    const host = this.open(false);
    if (this.step.refresh) await this.refresh(host);
    if (this.record.errors.length === 0) await new Update(this, host, program).run();
    await this.finish();
  }

  /** Reads everything. What fails stays as it was recorded. */
  async refresh(host: Host, isPreview = false): Promise<void> {
    const all = this.state.filter(({ name }) => this.isTarget(name));
    await Promise.all(
      all.map(async (resource) => {
        try {
          const found = await host.read(resource.urn, resource.id, resource.outputs);
          if (found.props)
            this.replace(resource, {
              ...resource,
              inputs: found.inputs ?? resource.inputs,
              outputs: found.props,
              isUnready: false,
            });
          else this.replace(resource, undefined);
          if (!isPreview) await this.checkpoint();
        } catch (error) {
          this.fail(resource.name, error as Error);
        }
      }),
    );
  }

  fail(name: string, error: Error): void {
    this.record.errors.push(`${name}: ${error.message}`);
  }

  isTarget(name: string): boolean {
    const { targets, excludes } = this.step;
    return (!targets || targets.includes(name)) && !excludes?.includes(name);
  }

  replace(before: Resource | undefined, after: Resource | undefined): void {
    const rest = this.state.filter((it) => it !== before && it.urn !== before?.urn);
    this.state = after ? [...rest.filter(({ urn }) => urn !== after.urn), after] : rest;
  }

  open(isPreview: boolean): Host {
    const { stack, random, connections, ...rest } = this.options;
    const process = new Process(
      `${this.process.name}${isPreview ? "p" : "u"}${++this.#hosts}`,
      random.fork(),
    );
    process.skew = this.process.skew;
    this.host = process;
    this.process.onEnd(() => process.end());
    const { step } = this.record;
    const skipsCheckpoints = this.step.skipCheckpoints ?? false;
    const line = lineOf(this.step, stack, this.state);
    const host = new Host({
      ...rest,
      engine: this.process,
      process,
      stack,
      step,
      isPreview,
      line,
      connections,
      skipsCheckpoints,
    });
    const cancel = () => host.cancel();
    this.#cancel = cancel;
    return host;
  }

  /** After each step, unless the user has switched that off. */
  async checkpoint(): Promise<void> {
    if (!this.step.skipCheckpoints) await this.persist();
  }

  async finish(): Promise<void> {
    if (this.step.skipCheckpoints) await this.persist();
  }

  async persist(): Promise<void> {
    const { scheduler, backend, beforeWrite, history } = this.options;
    await new Promise<void>((resolve) => scheduler.after(writing, this.process, resolve));
    const isLost = beforeWrite();
    if (!this.process.isAlive) return new Promise(() => {});
    if (isLost) return;
    backend.write(this.state);
    history.note(`  the state of ${this.options.stack} is written: ${this.state.map(shown).join(", ")}`);
  }
}

/** Milliseconds that a backend takes. */
const writing = 3;

function shown({ name, isUnready }: Resource): string {
  return isUnready ? `${name} (not ready)` : name;
}

function described({ command, name, targets, excludes, door, ...flags }: Step): string {
  const on = Object.entries(flags).filter(([, value]) => value === true);
  return [
    command,
    ...(name ? [name] : []),
    ...(door === "native" ? ["(plugin)"] : []),
    ...on.map(([flag]) => `--${flag}`),
    ...(targets ?? []).map((target) => `--target ${target}`),
    ...(excludes ?? []).map((exclude) => `--exclude ${exclude}`),
  ].join(" ");
}

function lineOf({ command, door, skipPreview, excludes }: Step, stack: string, state: State): CommandLine {
  const urns = (excludes ?? []).map(
    (name) => state.find((it) => it.name === name)?.urn ?? urnOf(stack, "*", name, door),
  );
  return {
    command,
    has: (flag) => flag === "skip-preview" && skipPreview === true,
    values: (flag) => (flag === "exclude" ? urns : []),
    isOnTerminal: false,
  };
}
