import { AsyncLocalStorage } from "node:async_hooks";
import { openHost } from "../../../doors/dynamic/host.ts";
import type { CommandLine } from "../../../doors/shared/command-line.ts";
import { Session, type SharedWork } from "../../../provider/core/work/installation.ts";
import type { Failure } from "../../../provider/index.ts";
import { type EngineCall, type History, nameOf, type Properties } from "../history.ts";
import type { SimulatedNetwork } from "../network.ts";
import type { Door } from "../story.ts";
import type { Process, Scheduler } from "../world/scheduler.ts";
import { openPlugin } from "./plugin.ts";
import { doorOf, type Resource, typeOf } from "./state.ts";

/** The engine's call in whose course something happens. */
const calls = new AsyncLocalStorage<EngineCall>();

export interface HostOptions {
  scheduler: Scheduler;
  history: History;
  network: SimulatedNetwork;
  engine: Process;
  process: Process;
  stack: string;
  step: number;
  isPreview: boolean;
  line: CommandLine;
  /** `clusterops:connections`. */
  connections: string;
  /** What depends on these alone: worked out once for all processes of a story. */
  shared: SharedWork;
  skipsCheckpoints: boolean;
}

/** What an operation of the provider came to, as the engine hears of it. */
export class CallFailed extends Error {
  /** Created, or updated, but not ready: to be recorded all the same. */
  readonly properties: Properties | undefined;
  readonly id: string | undefined;

  constructor(message: string, { id, properties }: { id?: string; properties?: Properties } = {}) {
    super(message);
    this.id = id;
    this.properties = properties;
  }
}

/** What the engine asks of a provider for one resource. */
export interface Provider {
  check(olds: Properties, news: Properties): Promise<{ inputs: Properties; failures: Failure[] }>;
  diff(id: string, olds: Properties, news: Properties): Promise<{ changes: boolean; replaces: string[] }>;
  /** A plugin is asked in a preview what it would do. */
  preview?(before: Resource | undefined, news: Properties): Promise<void>;
  create(news: Properties): Promise<{ id: string; outs: Properties }>;
  update(
    id: string,
    olds: Properties,
    news: Properties,
    oldInputs: Properties,
  ): Promise<{ outs: Properties }>;
  read(id: string, props: Properties): Promise<{ id?: string; props?: Properties; inputs?: Properties }>;
  delete(id: string, props: Properties): Promise<void>;
}

/** Pulumi's dynamic provider host, and the native plugin, as one process, with the real doors in it. The engine speaks to it in events. */
export class Host {
  readonly #options: HostOptions;
  readonly #cancelled = new AbortController();
  readonly #doors: Record<Door, (urn: string) => Provider>;

  constructor(options: HostOptions) {
    const { network, process, stack, line, shared, connections, skipsCheckpoints } = options;
    this.#options = options;
    const session = () =>
      new Session(() => network.connect({ process, stack, call: () => calls.getStore() }), shared);
    const common = {
      line,
      env: skipsCheckpoints ? { PULUMI_SKIP_CHECKPOINTS: "true" } : {},
      messagesOf: (urn: string) => ({
        warn: (text: string) => this.#say("warning", text, urn),
        inform: (text: string) => this.#say("info", text, urn),
        progress: (text: string) => this.#say("progress", text, urn),
        clear: async () => {},
      }),
    };
    const config = { get: (key: string) => (key === "clusterops:connections" ? connections : undefined) };
    this.#doors = {
      dynamic: whenNeeded(() => {
        const serve = openHost({ ...common, session: session() });
        return (urn) => serve(typeOf(urn), config) as Provider;
      }),
      native: whenNeeded(() =>
        openPlugin(connections, { ...common, session: session(), signal: this.#cancelled.signal }),
      ),
    };
  }

  /** The engine tells a plugin when its user has cancelled, and a dynamic host nothing. */
  cancel(): void {
    const { scheduler, process } = this.#options;
    scheduler.after(travel, process, () =>
      this.#cancelled.abort(new DOMException("cancelled", "AbortError")),
    );
  }

  /** Of a step in a preview. */
  async preview(urn: string, before: Resource | undefined, news: Properties): Promise<void> {
    if (doorOf(urn) === "native")
      await this.#call("plan", urn, news, before?.outputs, (provider) => provider.preview?.(before, news));
  }

  check(urn: string, olds: Properties, news: Properties) {
    return this.#call("check", urn, news, olds, (provider) => provider.check(olds, news));
  }

  diff(urn: string, id: string, olds: Properties, news: Properties) {
    return this.#call("diff", urn, news, olds, (provider) => provider.diff(id, olds, news));
  }

  create(urn: string, news: Properties) {
    return this.#call("create", urn, news, undefined, (provider) => provider.create(news));
  }

  update(urn: string, id: string, olds: Properties, news: Properties, oldInputs: Properties) {
    return this.#call("update", urn, news, olds, (provider) => provider.update(id, olds, news, oldInputs));
  }

  read(urn: string, id: string, props: Properties) {
    return this.#call("read", urn, props, props, (provider) => provider.read(id, props));
  }

  delete(urn: string, id: string, props: Properties) {
    return this.#call("delete", urn, props, props, (provider) => provider.delete(id, props));
  }

  #call<T>(
    method: EngineCall["method"],
    urn: string,
    inputs: Properties,
    recorded: Properties | undefined,
    work: (provider: Provider) => Promise<T> | undefined,
  ): Promise<T> {
    const { scheduler, history, network, engine, process, stack, step, isPreview } = this.#options;
    const call: EngineCall = {
      id: history.calls.length + 1,
      stack,
      process: process.name,
      step,
      method,
      isPreview,
      urn,
      type: typeOf(urn),
      inputs,
      recorded,
      startedAt: scheduler.now,
      said: [],
      exchanges: [],
    };
    history.calls.push(call);
    history.note(`[ ${call.id} ${process.name} ${method} ${nameOf(urn)}`);
    const { promise, resolve, reject } = Promise.withResolvers<T>();
    const end = (outcome: NonNullable<EngineCall["outcome"]>, text = "") => {
      call.endedAt = scheduler.now;
      if (isJudged(method)) call.truth = network.truth(call.type.split(":")[0] as string);
      call.outcome = outcome;
      history.note(`] ${call.id} ${method} ${nameOf(urn)} ${outcome}${text && `: ${text}`}`);
    };
    const cutOff = () => {
      if (call.outcome) return;
      end("cut off");
      scheduler.after(travel, engine, () => reject(new CallFailed("the provider host is gone")));
    };
    if (!process.isAlive) {
      cutOff();
      return promise;
    }
    process.onEnd(cutOff);
    scheduler.after(travel, process, () =>
      calls.run(call, () => {
        Promise.resolve(work(this.#doors[doorOf(urn)](urn)) as Promise<T>).then(
          (result) => {
            const { outs, props } = (result ?? {}) as { outs?: Properties; props?: Properties };
            call.outputs = outs ?? props;
            end("ok");
            scheduler.after(travel, engine, () => resolve(result));
          },
          (error: Error & { id?: string; properties?: Properties }) => {
            const { message, id, properties } = error;
            call.error = message;
            call.outputs = properties;
            end(properties ? "incomplete" : "failed", message);
            scheduler.after(travel, engine, () => reject(new CallFailed(message, { id, properties })));
          },
        );
      }),
    );
    return promise;
  }

  #say(severity: "warning" | "info" | "progress", text: string, urn: string): void {
    calls.getStore()?.said.push({ severity, text, at: this.#options.scheduler.now });
    if (severity !== "progress") this.#options.history.note(`  ${nameOf(urn)} ${severity}: ${text}`);
  }
}

/** What says that something is done. */
function isJudged(method: EngineCall["method"]): boolean {
  return method === "create" || method === "update";
}

/** Most stories go through one of the doors alone. */
function whenNeeded(open: () => (urn: string) => Provider): (urn: string) => Provider {
  let opened: ReturnType<typeof open> | undefined;
  return (urn) => {
    opened ??= open();
    return opened(urn);
  };
}

/** Milliseconds between engine and host, one way. */
const travel = 0.2;
