import { type ConfigSource, lifecycle, type Result, Session } from "../../provider/index.ts";
import { earlyKey, hasCompanion, tooEarly } from "../shared/companions.ts";
import { contextOf, type DoorContext, type Shared, watched } from "../shared/context.ts";
import { withoutValue } from "../shared/failures.ts";
import { Attempts } from "./attempts.ts";
import { quietly, reported } from "./host-quirks.ts";
import { latestConfigs } from "./latest-config.ts";
import { isOtherwiseLimited, type Operation, replacedFor, timeoutOf } from "./options.ts";
import {
  inOwnNames,
  isFromElsewhere,
  kept,
  type Properties,
  plain,
  properties,
  recorded,
  toEngine,
  urnOf,
} from "./properties.ts";

/** Stack configuration as the host hands it to `configure`. */
export interface HostConfig {
  get(key: string): string | undefined;
  /** All of it, by key; not promised by Pulumi. */
  rawConfig?: Record<string, unknown>;
}

/** What one host process has to do with. */
export interface HostSurroundings extends Partial<Shared> {
  /** What the stack's configuration says by now, for what the engine asks with that of the last update. Absent: it cannot be had. */
  latestConfig?: () => Promise<ConfigSource | undefined>;
  /** Aborts when nobody waits for this host any more. Absent: never. */
  signal?: AbortSignal;
  env?: NodeJS.ProcessEnv;
}

/**
 * What one host does: it translates between the ways of Pulumi's dynamic provider host and the lifecycle, and knows nothing of any
 * resource.
 *
 * @returns the provider object of a resource type
 */
export function openHost(surroundings: HostSurroundings) {
  const {
    session = new Session(),
    line,
    messagesOf,
    latestConfig = async () => undefined,
    signal = new AbortController().signal,
    env,
  } = surroundings;
  const recordedConfig = latestConfigs(latestConfig, (message) => messagesOf?.("").inform(message));
  /** All operations of one host belong to one preview or one update; `check` comes first and knows which. */
  let isPreview: boolean | undefined;
  const attempts = new Attempts(hasCompanion, env);
  const isTooEarly = tooEarly(line);
  return serve;

  function serve(type: string, config: HostConfig | undefined) {
    const { check, plan, diff, create, read, update, delete: remove } = known(type);
    const context = (properties: Properties, operation?: Operation) =>
      contextFor(config, type, properties, operation);
    /** For a refresh, and a delete: the engine configures the host for them with what the last update recorded. */
    const recordedContext = (properties: Properties, operation?: Operation) => {
      const made = context(properties, operation);
      const current = recordedConfig(made.config);
      // Without a program no check has come, and what the last update was held to is not for this one.
      return Object.assign(
        made,
        current,
        isPreview === undefined && { config: withoutExpect(current.config) },
      );
    };
    const isUnchanged = async (olds: Properties, news: Properties) =>
      Object.keys(await quietly(async () => diff(context(news), recorded(olds), plain(news)))).length === 0;
    return {
      async check(olds: Properties, news: Properties) {
        attempts.checked(urnOf(news));
        if (typeof news.__preview === "boolean") isPreview = news.__preview;
        const isNew = Object.keys(olds).length === 0;
        const { inputs, failures } = await quietly(async () => {
          const checked = check(plain(news));
          if (checked.failures.length > 0) return checked;
          return {
            inputs: checked.inputs,
            failures: await plan(context(news), isNew ? undefined : plain(olds), checked.inputs),
          };
        });
        return {
          inputs: { ...toEngine(inputs), ...kept(news) },
          failures: failures.map((failure) => withoutValue(failure, news)),
        };
      },
      async diff(_id: string, olds: Properties, news: Properties) {
        const changes = Object.entries(
          await quietly(async () => diff(context(news), recorded(olds), plain(news))),
        );
        const changed = changes.map(([property]) => property);
        const replaces = changes.filter(([, change]) => change.replace).map(([property]) => property);
        return {
          changes:
            !isTooEarly(urnOf(news)) &&
            (changes.length > 0 ||
              isFromElsewhere(olds) ||
              earlyKey in olds ||
              isOtherwiseLimited(olds, news)),
          replaces: [...new Set([...replaces, ...replacedFor(changed, olds, news)])],
          // A node that leaves maintenance must not wait for another one that enters it: two would be away at once.
          deleteBeforeReplace: true,
        };
      },
      async create(inputs: Properties) {
        const result = await watched(context(inputs, "create"), (shown) => create(shown, plain(inputs)));
        const outs = outcomeOf(result, inputs);
        attempts.applied(urnOf(inputs), undefined, outs);
        return {
          id: result.id,
          outs: { ...outs, ...(isTooEarly(urnOf(inputs)) && { [earlyKey]: true }) },
        };
      },
      async read(id: string, props: Properties) {
        const found = await quietly(async () => read(recordedContext(props), recorded(props)));
        if (!found) return {};
        return {
          id,
          props: { ...properties(found), ...kept(props) },
          inputs: { ...toEngine(found.inputs), ...kept(props) },
        };
      },
      async update(id: string, olds: Properties, news: Properties) {
        if (isFromElsewhere(olds) && (await isUnchanged(olds, news)))
          return { outs: { ...inOwnNames(type, olds), ...kept(news) } };
        const result = await watched(context(news, "update"), (shown) =>
          earlyKey in olds ? create(shown, plain(news)) : update(shown, id, recorded(olds), plain(news)),
        );
        const outs = outcomeOf(result, news);
        attempts.applied(urnOf(news), olds, outs);
        return { outs };
      },
      async delete(_id: string, props: Properties) {
        await quietly(() =>
          watched(recordedContext(props, "delete"), async (shown) => remove(shown, recorded(props))),
        );
        attempts.deleted(urnOf(props));
      },
    };
  }

  function contextFor(
    config: HostConfig | undefined,
    type: string,
    properties: Properties,
    operation?: Operation,
  ): DoorContext {
    const urn = urnOf(properties);
    return contextOf(
      { session, line, messagesOf },
      {
        ...attempts.of(type, urn),
        urn,
        isUnderWay: operation !== undefined,
        config: Object.assign((key: string) => config?.get(key), {
          keys: () => Object.keys(config?.rawConfig ?? {}),
        }),
        preview: isPreview,
        signal,
        timeoutSeconds: operation && timeoutOf(properties, operation),
      },
    );
  }
}

/** What a person approves is one run: of a recorded configuration, that was the last one. The environment is this run's. */
const expectKey = "clusterops:expect";

function withoutExpect(config: ConfigSource): ConfigSource {
  const get = (key: string) => (key === expectKey ? undefined : config(key));
  return Object.assign(get, { keys: () => (config.keys?.() ?? []).filter((key) => key !== expectKey) });
}

/** @throws Error that the host records where it is not ready, so that the next `up` resumes it or tries again */
function outcomeOf(result: Result, inputs: Properties): Properties {
  const all = { ...properties(result), ...kept(inputs) };
  if (result.outcome === "ready") return all;
  const { id, reasons } = result;
  throw Object.assign(new Error(reasons.join("; ")), { id, properties: all, reasons });
}

/** State may come from a newer version of this package, with types that this one does not know. */
function known(type: string) {
  try {
    return lifecycle(type);
  } catch (error) {
    throw reported(error);
  }
}
