import assert from "node:assert/strict";
import { ClusteropsError } from "../../provider/core/data/errors.ts";
import { directDoor, type Properties } from "../rules/door.ts";
import { type Harness, type ResourceCase, withHarness } from "../rules/resource-case.ts";
import { cases } from "../rules/rules.ts";
import { CheckFailed } from "../rules/stack.ts";
import { Tables } from "../rules/tables.ts";
import { Incomplete } from "../support/flat.ts";
import { startCorruptingProxy } from "./corrupting-proxy.ts";

const seeds = [1, 2, 3, 4, 5];
const tables = new Tables(32);
const rows = cases.flatMap((resource) => seeds.map((seed) => ({ resource, seed })));

/** Puts a corrupting proxy in front of every endpoint during the work. */
async function withCorruptedAnswers(
  harness: Harness,
  seed: number,
  work: () => Promise<void>,
): Promise<void> {
  await using cleanUp = new AsyncDisposableStack();
  const connections = Object.values(harness.connections);
  const direct = connections.map(({ endpoints = [] }) => endpoints);
  for (const [index, connection] of connections.entries()) {
    const proxies = direct[index]?.map((url, nth) =>
      startCorruptingProxy(url, seed * 1_000 + index * 10 + nth),
    );
    connection.endpoints = (await Promise.all(proxies ?? [])).map((proxy) => cleanUp.use(proxy).url);
  }
  await work();
  for (const [index, connection] of connections.entries()) connection.endpoints = direct[index];
}

/** Whether a failure was thrown on purpose, not by a defect. */
function isClear(error: unknown): boolean {
  return [ClusteropsError, CheckFailed, Incomplete].some((type) => error instanceof type);
}

async function surviveCorruption(resource: ResourceCase, seed: number, harness: Harness): Promise<void> {
  const { stack, simulator, good } = harness;
  const inputs: Properties = { ...good, timeout: "1500ms" };
  const attempt = () =>
    stack.up(inputs).then(
      () => undefined,
      (error: Error) => error,
    );
  await withCorruptedAnswers(harness, seed, async () => {
    const failure = await attempt();
    if (failure) return assert.ok(isClear(failure), failure.stack);
    const { effects } = simulator.counts();
    assert.ok(effects >= resource.costs, `done after ${effects} of ${resource.costs} effects`);
  });
  await stack.up({ ...good, timeout: "20s" });
  const { effects } = simulator.counts();
  assert.ok(effects >= resource.costs, `${effects} of ${resource.costs} effects`);
  if (resource.leavesMark) assert.equal(effects, resource.costs, "one effect per intent");
}

describe("while half of all answers are not what is documented", () => {
  tables.each(
    rows,
    ({ resource: { type }, seed }) => `${type} is never wrongly done, nor done twice (seed ${seed})`,
    ({ resource, seed }) =>
      withHarness(directDoor, resource, (harness) => surviveCorruption(resource, seed, harness), {
        settings: { requestTimeout: "2s" },
      }),
  );
});
