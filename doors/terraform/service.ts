import type { handleUnaryCall } from "@grpc/grpc-js";
import type { Words } from "../../provider/index.ts";
import { judgeBlock } from "./block.ts";
import { type DynamicValue, pack, unpack } from "./codec.ts";
import type { Configuration } from "./configuration.ts";
import { errorOf } from "./diagnostics.ts";
import type { Operations } from "./operations.ts";
import { readPrivate, writePrivate } from "./private-data.ts";
import type { Call } from "./protocol.ts";
import { dataSourceAt, metadata, resourceAt, told } from "./schema.ts";
import { checkedArgs } from "./states.ts";
import type { Answer } from "./surroundings.ts";
import { upgraded } from "./upgrade.ts";

/** What the service of one process is made of. */
export interface Parts {
  operations: Operations;
  configuration: Configuration;
  words: Words;
  /** Ends waits, so that what is begun is recorded. */
  stop(): void;
}

/** As much of the requests as is read. */
interface Request {
  typeName: string;
  config?: DynamicValue;
  priorState?: DynamicValue;
  proposedNewState?: DynamicValue;
  plannedState?: DynamicValue;
  currentState?: DynamicValue;
  rawState?: { json?: Uint8Array };
  priorPrivate?: Uint8Array;
  plannedPrivate?: Uint8Array;
  private?: Uint8Array;
  id?: string;
}

/** The calls of Terraform's provider service, in the words of the operations. */
export function serviceOf({
  operations,
  configuration,
  words,
  stop,
}: Parts): Record<Call, handleUnaryCall<Request, object>> {
  return {
    GetMetadata: unary(() => metadata()),
    GetProviderSchema: unary(() => told()),
    GetFunctions: unary(() => ({})),

    ValidateProviderConfig: unary(async ({ config }) => ({
      diagnostics: await judgeBlock(unpack(config), words),
    })),
    ValidateDataResourceConfig: unary(({ typeName, config }) => ({
      diagnostics: checkedArgs(dataSourceAt(typeName), unpack(config) ?? {}),
    })),
    ValidateResourceConfig: unary(({ typeName, config }) => ({
      diagnostics: operations.validate(typeName, unpack(config) ?? {}),
    })),

    ConfigureProvider: unary(({ config }) => {
      configuration.configure(unpack(config));
      return {};
    }),

    UpgradeResourceState: unary(({ typeName, rawState }) => ({
      upgradedState: { json: upgraded(resourceAt(typeName).attributes, rawState?.json) },
    })),

    ReadResource: unary(async ({ typeName, currentState, private: data }) => {
      const { state, ...answer } = await operations.read(typeName, {
        state: unpack(currentState),
        data: readPrivate(data),
      });
      return { newState: pack(state), ...recorded(answer, "private") };
    }),

    PlanResourceChange: unary(async ({ typeName, priorState, proposedNewState, config, priorPrivate }) => {
      const isDelete = unpack(proposedNewState) === null;
      const { state, replaces, ...answer } = await operations.plan(
        typeName,
        { state: unpack(priorState), data: readPrivate(priorPrivate) },
        isDelete ? null : unpack(config),
      );
      return {
        plannedState: pack(state),
        requiresReplace: replaces.map((attributeName) => ({ steps: [{ attributeName }] })),
        ...recorded(answer, "plannedPrivate"),
      };
    }),

    ApplyResourceChange: unary(async ({ typeName, priorState, plannedState, plannedPrivate }) => {
      const { state, ...answer } = await operations.apply(
        typeName,
        { state: unpack(priorState), data: readPrivate(plannedPrivate) },
        unpack(plannedState),
      );
      return { newState: pack(state), ...recorded(answer, "private") };
    }),

    ImportResourceState: unary(async ({ typeName, id = "" }) => {
      const { state, diagnostics, data } = await operations.adopt(typeName, id);
      if (!state) return { diagnostics };
      const { resource = "" } = data;
      return {
        importedResources: [{ typeName, state: pack(state), private: writePrivate({ resource }) }],
        diagnostics,
      };
    }),

    ReadDataSource: unary(async ({ typeName, config }) => {
      const { state, diagnostics } = await operations.readData(typeName, unpack(config) ?? {});
      return { state: pack(state), diagnostics };
    }),

    StopProvider: unary(() => {
      stop();
      return {};
    }),
  };
}

function recorded({ data, diagnostics }: Omit<Answer, "state">, key: string): object {
  const { resource } = data;
  return { diagnostics, ...(resource !== undefined && { [key]: writePrivate({ ...data, resource }) }) };
}

/** One call. What goes wrong in the translation is told as any other error is. */
function unary(work: (request: Request) => object | Promise<object>): handleUnaryCall<Request, object> {
  return ({ request }, done) => {
    void (async () => work(request))().then(
      (answer) => done(null, answer),
      (error: Error) => done(null, { diagnostics: [errorOf(error.message)], ...unchangedBy(request) }),
    );
  };
}

/** What stays recorded where nothing was done. */
function unchangedBy({
  priorState,
  currentState,
  plannedState,
  plannedPrivate,
  private: data,
}: Request): object {
  if (plannedState) return { newState: priorState, private: plannedPrivate };
  return currentState ? { newState: currentState, private: data } : {};
}
