import assert from "node:assert/strict";
import { setTimeout as pause } from "node:timers/promises";
import { ClusteropsError } from "../../provider/core/data/errors.ts";
import { directDoor, type Properties } from "../rules/door.ts";
import { type Harness, type ResourceCase, withHarness } from "../rules/resource-case.ts";
import { cases } from "../rules/rules.ts";
import { CheckFailed } from "../rules/stack.ts";
import { Tables } from "../rules/tables.ts";
import { Incomplete } from "../support/flat.ts";
import { type CorruptingProxy, startCorruptingProxy } from "./corrupting-proxy.ts";

const seeds = [1, 2, 3, 4, 5];
const tables = new Tables(32);
const rows = cases.flatMap((resource) => seeds.map((seed) => ({ resource, seed })));

/** Puts a corrupting proxy in front of every endpoint, which stays where it is when it corrupts no more: another address is another installation. */
async function corruptAnswers(
  harness: Harness,
  seed: number,
  cleanUp: AsyncDisposableStack,
): Promise<() => void> {
  const all: CorruptingProxy[] = [];
  for (const [index, connection] of Object.values(harness.connections).entries()) {
    const proxies = (connection.endpoints ?? []).map((url, nth) =>
      startCorruptingProxy(url, seed * 1_000 + index * 10 + nth),
    );
    const started = (await Promise.all(proxies)).map((proxy) => cleanUp.use(proxy));
    connection.endpoints = started.map(({ url }) => url);
    all.push(...started);
  }
  return () => {
    for (const proxy of all) proxy.heal();
  };
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
  await using cleanUp = new AsyncDisposableStack();
  const heal = await corruptAnswers(harness, seed, cleanUp);
  const failure = await attempt();
  if (failure) assert.ok(isClear(failure), failure.stack);
  else {
    const { effects: sofar } = simulator.counts();
    assert.ok(sofar >= resource.costs, `done after ${sofar} of ${resource.costs} effects`);
  }
  heal();
  // What a plan has read it goes on with for a second.
  await pause(1_100);
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
