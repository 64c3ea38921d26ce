import { type AspireOptions, startAspire } from "../../../simulators/index.ts";
import type { Declaration, Edit } from "../story.ts";
import { epoch } from "../world/guard.ts";
import { credentials, type Installed, type SystemModel, sharedOptions, triggered } from "./installed.ts";

const seeds = ["AAABcID5GBc=", "AAABcIueWUc=", "AAAB/+7eWUc="];
const workers = ["AAABcQk+W/c=", "AAABcQk+W/g="];
const timeouts = ["20s", "60s"];

export const aspire: SystemModel = {
  auths: ["none", "basic", "token", "oauth2"],
  acts: ["a seed is deleted"],
  options(random) {
    return {
      managers: random.int(1, 2),
      seeds,
      workers,
      answers: random.pick(["message", "object", "empty"]),
      unknownIds: random.pick(["status", "errorIn200", "textIn200"]),
    } satisfies AspireOptions;
  },
  program(random, _choice, side): Declaration[] {
    const common = { timeout: random.pick(timeouts), ...triggered(random) };
    const name = (kind: string) => `${kind}${side === 0 ? "" : "-b"}`;
    const all: (() => Declaration)[] = [
      () => ({
        name: name("release"),
        type: "aspire:SeedRelease",
        inputs: { seedIds: random.some(seeds, random.int(1, 3)), ...common },
      }),
      () => ({
        name: name("workers"),
        type: "aspire:WorkerRelease",
        inputs: { workerIds: random.some(workers, random.int(1, 2)), ...common },
      }),
      () => ({
        name: name("throttle"),
        type: "aspire:SeedThrottle",
        inputs: { seedId: "AAABcID5GBc=", pauseUntil: epoch + 86_400_000 * random.int(1, 9), ...common },
      }),
      () => ({
        name: name("failure"),
        type: "aspire:CrawlFailure",
        inputs: { seedId: random.pick(seeds.slice(0, 2)), ...common },
      }),
      () => ({
        name: name("batch"),
        type: "aspire:BatchAcknowledgement",
        inputs: { batchIds: ["AAABcS0aBB0="], type: "scan", ...common },
      }),
    ];
    return random.some(all, random.int(1, 2)).map((make) => make());
  },
  edit(random, { name }): Edit {
    const inputs = random.chance(0.8) ? triggered(random) : { timeout: random.pick(timeouts) };
    return { edit: "inputs", name, inputs };
  },
  async open(choice, surroundings): Promise<Installed> {
    const simulator = await startAspire({
      ...(choice.options as AspireOptions),
      ...sharedOptions(choice, surroundings),
      network: surroundings.network((endpoint) => `${endpoint}.aspire.test`),
    });
    const { endpoints } = simulator;
    return {
      simulator,
      connections: { aspire: { endpoints, ...credentials(choice, `${endpoints[0]}/oauth/token`) } },
      truth: () =>
        Object.fromEntries([
          ...simulator.seeds.map(({ id, releases, state, pausedUntil }) => [
            id,
            [releases, state, pausedUntil ?? 0].join(" "),
          ]),
          ...simulator.workers.map(({ id, releases }) => [id, String(releases)]),
          ...simulator.batches.map(({ id, acknowledged }) => [id, String(acknowledged)]),
        ]),
      acts: {
        "a seed is deleted": (which) => simulator.deleteSeed(seeds[which % seeds.length] as string),
      },
      calm() {},
    };
  },
};
