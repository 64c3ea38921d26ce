import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { types } from "../../provider/index.ts";
import type { RequestRecord } from "../../simulators/index.ts";
import type { Door, Properties } from "../rules/door.ts";
import { play, type ResourceCase, type Scene } from "../rules/resource-case.ts";
import { Stack } from "../rules/stack.ts";
import { effectsOf, type Verdict } from "./trial.ts";

/** When the process is killed: on a request that the simulator has just answered. */
export const moments: Record<
  string,
  (record: RequestRecord, nth: { read: number; mutating: number }) => boolean
> = {
  "at the first read": (_record, { read }) => read === 1,
  "at the request": (record, { mutating }) => record.mutating && mutating === 1,
  "at the look after the request": (record, { mutating }) => !record.mutating && mutating > 0,
  "at the last request": (record, { mutating }) => record.mutating && mutating === 2,
};

const victim = join(import.meta.dirname, "victim.ts");
/** Long enough for everything that was set going to come to its end. */
const aftermath = 700;

/**
 * `kill -9` of a process in the midst of its first `up`: nothing of it is in state, and its job *ends* before the next `up`. That
 * one must find what was done, and do only what was not.
 */
export async function judgeKill(resource: ResourceCase, moment: string, door: Door): Promise<Verdict> {
  const verdict: Verdict = { trial: `${resource.type} create: killed -9 ${moment}` };
  try {
    const intended = effectsOf(resource, "create");
    await play(door, resource, async (scene) => {
      const inputs = { ...scene.good, ...(await before(resource.type, scene, door)) };
      await killDuring(scene, resource.type, inputs, moments[moment] as (typeof moments)[string]);
      await pause(aftermath);
      await scene.stack.up(inputs);
      const { effects } = scene.simulator.counts();
      if (effects > intended && resource.leavesMark)
        verdict.duplicate = `${effects} effects for ${intended} intended`;
      if (effects < intended) verdict.wrong = `done after ${effects} of ${intended} effects`;
      if (effects > intended && !resource.leavesMark) verdict.repeated = true;
    });
  } catch (error) {
    verdict.lost = `the next up fails: ${error instanceof Error ? error.message : error}`;
  }
  return verdict;
}

/** What a run's companion has recorded before it. */
async function before(type: string, scene: Scene, door: Door): Promise<Properties> {
  const companion = `${type}Intent`;
  if (!types.includes(companion)) return {};
  await using session = await door.open(companion, scene.connections);
  const stack = new Stack(session);
  await stack.up(scene.good);
  return { __before: stack.state?.outputs.before };
}

async function killDuring(
  { simulator, connections }: Scene,
  type: string,
  inputs: Properties,
  isMoment: (typeof moments)[string],
): Promise<void> {
  const argument = JSON.stringify({ type, connections, inputs });
  const child = spawn(process.execPath, [victim, argument], { stdio: "ignore" });
  const exited = once(child, "exit");
  const nth = { read: 0, mutating: 0 };
  const unwatch = simulator.watch((record) => {
    nth[record.mutating ? "mutating" : "read"]++;
    if (isMoment(record, nth)) child.kill("SIGKILL");
  });
  await exited;
  unwatch();
}
