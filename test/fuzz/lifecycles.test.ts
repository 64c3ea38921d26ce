import assert from "node:assert/strict";
import { ClusteropsError } from "../../provider/core/data/errors.ts";
import { directDoor, type Properties } from "../rules/door.ts";
import { play, type ResourceCase, type Scene } from "../rules/resource-case.ts";
import { cases } from "../rules/rules.ts";
import { CheckFailed } from "../rules/stack.ts";
import { Tables } from "../rules/together.ts";
import { startSpoiler } from "./spoiler.ts";

const seeds = [1, 2, 3, 4, 5];
const tables = new Tables(32);
const rows = cases.flatMap((resource) => seeds.map((seed) => ({ resource, seed })));

/** Puts a spoiling proxy in front of every endpoint while the work goes on. */
async function spoiling(scene: Scene, seed: number, work: () => Promise<void>): Promise<void> {
  await using spoilers = new AsyncDisposableStack();
  const connections = Object.values(scene.connections);
  const honest = connections.map(({ endpoints = [] }) => endpoints);
  for (const [index, connection] of connections.entries()) {
    const proxies = honest[index]?.map((url, nth) => startSpoiler(url, seed * 1_000 + index * 10 + nth));
    connection.endpoints = (await Promise.all(proxies ?? [])).map((spoiler) => spoilers.use(spoiler).url);
  }
  await work();
  for (const [index, connection] of connections.entries()) connection.endpoints = honest[index];
}

/** Holds that a failure is told on purpose, not run into. */
function isClear(error: unknown): boolean {
  return error instanceof ClusteropsError || error instanceof CheckFailed;
}

async function endure(resource: ResourceCase, seed: number, scene: Scene): Promise<void> {
  const { stack, simulator, good } = scene;
  const inputs: Properties = { ...good, timeout: "1500ms" };
  const attempt = () =>
    stack.up(inputs).then(
      () => undefined,
      (error: Error) => error,
    );
  await spoiling(scene, seed, async () => {
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
      play(directDoor, resource, (scene) => endure(resource, seed, scene), {
        settings: { requestTimeout: "2s" },
      }),
  );
});
