import { unknown } from "../../../provider/index.ts";

import type { Door, Program, Properties, Session } from "../../rules/door.ts";
import { settingsConfig } from "../../support/context.ts";
import { Incomplete } from "../../support/flat.ts";
import { engineUnknown, Host, HostError } from "./host.ts";
import { registered } from "./resource.ts";

/** The door of Pulumi's dynamic provider host: all sessions share one process, as all resources of an `up` do. */
export class HostDoor implements Door, AsyncDisposable {
  readonly isUnwatched = true;
  readonly #host: Promise<Host>;
  #opening: Promise<unknown> = Promise.resolve();

  constructor() {
    this.#host = Host.start();
  }

  /** One at a time: a resource is configured by its first call, with what the host was given last. */
  open(type: string, connections: object, { settings = {}, resource }: Program = {}): Promise<Session> {
    const opened = this.#opening.then(async () => {
      const host = await this.#host;
      const own = registered(type, undefined, resource);
      await host.configure({
        "clusterops:connections": JSON.stringify(connections),
        ...settingsConfig(settings),
      });
      await host.diff("", own, own);
      return session(host, own);
    });
    this.#opening = opened.catch(() => {});
    return opened;
  }

  /** What the host printed, which should be nothing. */
  async printed(): Promise<string> {
    const { stdout, stderr } = await this.#host;
    return stdout.replace(/^\d+\n/, "") + stderr;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await (await this.#host)[Symbol.asyncDispose]();
  }
}

function session(host: Host, own: { __provider: string; __urn: string }): Session {
  const write = (properties: Properties) => ({ ...toEngine(properties), ...own });
  const heard = async <T>(answer: Promise<T>): Promise<T> => {
    try {
      return await answer;
    } catch (error) {
      throw error instanceof HostError && error.initFailed ? incomplete(error.initFailed) : error;
    }
  };
  return {
    async check(recorded, inputs, preview) {
      const olds = recorded ? write(recorded) : {};
      const { failures, ...checked } = await heard(
        host.check(olds, { ...write(inputs), __preview: preview }),
      );
      return { inputs: fromEngine(checked.inputs), failures: failures.map(named) };
    },
    diff: (id, recorded, inputs) => heard(host.diff(id, write(recorded), write(inputs))),
    async create(inputs) {
      const { id, properties } = await heard(host.create(write(inputs)));
      return { id, outputs: fromEngine(properties) };
    },
    async read(id, recorded) {
      const found = await heard(host.read(id, write(recorded)));
      return found.id === ""
        ? undefined
        : { inputs: fromEngine(found.inputs), outputs: fromEngine(found.properties) };
    },
    async update(id, recorded, inputs) {
      const { properties } = await heard(host.update(id, write(recorded), write(inputs)));
      return { outputs: fromEngine(properties) };
    },
    delete: (id, recorded) => heard(host.delete(id, write(recorded))),
    get said() {
      const said = host.logs.filter(({ urn, text }) => urn === own.__urn && text !== "");
      const texts = (logs: typeof said) => logs.map(({ text }) => unnamed(text, own.__urn));
      return {
        progress: texts(said.filter(({ ephemeral }) => ephemeral)),
        warnings: texts(said.filter(({ severity }) => severity === "warning")),
        plans: texts(said.filter(({ severity, ephemeral }) => severity === "info" && !ephemeral)),
      };
    },
    async [Symbol.asyncDispose]() {},
  };
}

/** Where the host cannot tell how the CLI shows it, each message names its resource. */
function unnamed(text: string, urn: string): string {
  const name = urn.split("::").at(-1);
  return text.trimStart().replace(`${name}: `, "");
}

/** Of a property that may hold a credential only the reason tells the name: else the engine would print its value. */
function named(failure: { property: string; reason: string }): { property: string; reason: string } {
  const [, property, reason] = (failure.property === "" && /^(\S+): (.*)$/s.exec(failure.reason)) || [];
  return property !== undefined && reason !== undefined ? { property, reason } : failure;
}

function incomplete({ id, properties, reasons }: { id: string; properties: Properties; reasons: string[] }) {
  return new Incomplete(id, fromEngine(properties), reasons);
}

function toEngine(properties: Properties): Properties {
  return JSON.parse(JSON.stringify(mapLeaves(properties, unknown, engineUnknown)));
}

/** Without the door's own keys. */
function fromEngine({ __provider: _text, __urn: _urn, ...properties }: Properties): Properties {
  return mapLeaves(properties, engineUnknown, unknown) as Properties;
}

function mapLeaves(value: unknown, from: unknown, to: unknown): unknown {
  if (value === from) return to;
  if (Array.isArray(value)) return value.map((item) => mapLeaves(item, from, to));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, mapLeaves(item, from, to)]));
}
