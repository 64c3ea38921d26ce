import assert from "node:assert/strict";
import { type AspireSimulator, startAspire } from "../../simulators/index.ts";
import { contextFor, type TestContext } from "../support/context.ts";
import { Incomplete, lifecycle } from "../support/flat.ts";

export const ids = ["A=", "B/1", "C+2", "D", "E"];
const batches = ids.map((id) => ({ id, type: "scan" as const }));

/** The three resources that do one thing for each of some ids. */
export const kinds = [
  {
    type: "SeedRelease",
    property: "seedIds",
    output: "released",
    noun: "seed",
    path: "release/seed",
    rest: {},
  },
  {
    type: "WorkerRelease",
    property: "workerIds",
    output: "released",
    noun: "worker",
    path: "release/worker",
    rest: {},
  },
  {
    type: "BatchAcknowledgement",
    property: "batchIds",
    output: "acknowledged",
    noun: "batch",
    path: "batch/ack",
    rest: { type: "scan" },
  },
] as const;

export type Kind = (typeof kinds)[number];

/** To be called inside `describe`: managers that know the ids for each test, and what the tests do with a resource there. */
export function stageFor({ type, property, output, rest }: Kind) {
  const resource = lifecycle(`aspire:${type}`);
  const stage = {
    resource,
    aspire: undefined as unknown as AspireSimulator,
    context: undefined as unknown as TestContext,
    async start(options: Parameters<typeof startAspire>[0] = {}): Promise<void> {
      stage.aspire = await startAspire({ seeds: ids, workers: ids, batches, ...options });
      stage.context = contextFor({ aspire: { endpoints: stage.aspire.endpoints, requestTimeout: "1s" } });
    },
    inputs: (list: unknown[] = ids, more: object = {}) => ({ [property]: list, ...rest, ...more }),
    check: (given: object, recorded?: object) =>
      resource.check(stage.context, recorded as Record<string, unknown>, given as Record<string, unknown>),
    create: async (given: object) => resource.create(stage.context, (await stage.check(given)).inputs),
    /** Creates, and answers with what is recorded although it failed. */
    async fail(given: object): Promise<Incomplete> {
      const failure = await stage.create(given).catch((error: unknown) => error);
      assert.ok(failure instanceof Incomplete, String(failure));
      return failure;
    },
    async update({ id, outputs }: Incomplete, given: object) {
      const { inputs } = await stage.check(given);
      return (await resource.update(stage.context, id, outputs, inputs)).outputs;
    },
    doneIds: (outputs: object) => (outputs as Record<string, { id: string }[]>)[output]?.map(({ id }) => id),
    /** What was asked for, by id; the effects are counted by the simulator. */
    sent: () =>
      stage.aspire.requests
        .filter((request) => request.mutating)
        .map(
          ({ path, body }) =>
            (body as { id?: string[] } | undefined)?.id?.join() ??
            decodeURIComponent(path.split("/").at(-1) ?? ""),
        ),
    costs(mutating: number, effects = mutating): void {
      const counts = stage.aspire.counts();
      assert.deepEqual([counts.mutating, counts.effects], [mutating, effects]);
    },
  };
  beforeEach(() => stage.start());
  afterEach(() => stage.aspire.close());
  return stage;
}
