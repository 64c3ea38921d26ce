import {
  type FactFinderOptions,
  type FactFinderSimulator,
  startFactFinder,
} from "../../../simulators/index.ts";
import type { Declaration, Edit } from "../story.ts";
import {
  credentials,
  type Installed,
  type SystemModel,
  sharedOptions,
  timeouts,
  triggered,
} from "./installed.ts";

const channels = ["de", "en"];

/** The versions of each node, by channel. */
export type FactFinderTruth = Record<string, Record<string, string>>;

export function factFinderTruth(simulator: FactFinderSimulator): FactFinderTruth {
  const nodes = [simulator.director, ...simulator.workers];
  const versions = (node: FactFinderSimulator["director"], channel: string) => {
    const { databaseVersion, deltaVersion } = node.state(channel);
    return `${databaseVersion}.${deltaVersion}`;
  };
  return Object.fromEntries(
    channels.map((channel) => [
      channel,
      Object.fromEntries(nodes.map((node) => [node.name, versions(node, channel)])),
    ]),
  );
}

export const factfinder: SystemModel = {
  auths: ["none", "basic", "oauth2"],
  acts: ["an import ends", "somebody prunes", "deltas arrive", "a worker falls back", "a worker is down"],
  options(random) {
    return {
      workers: random.int(1, 2),
      reloadMs: random.chance(0.1) ? 15_000 : random.spread(200, 6_000),
      reload: random.pick(["synchronous", "asynchronous"]),
      ...(random.chance(0.15) && { clusterSyncMs: random.spread(1_000, 12_000) }),
      deltaVersionAfterPrune: random.pick(["zero", "kept"]),
      stringBody: random.pick(["json", "plain", "empty"]),
    } satisfies FactFinderOptions;
  },
  program(random, { options }, side): Declaration[] {
    const timeout = random.pick(timeouts.slice(1));
    const name = (kind: string) => `${kind}${side === 0 ? "" : "-b"}`;
    const nodes = Array.from({ length: options.workers as number }, (_, index) => `worker${index + 1}`);
    const channel = random.pick(channels);
    const prune: Declaration = {
      name: name("prune"),
      type: "factfinder:DatabasePrune",
      inputs: { channel, connection: "director", timeout, ...triggered(random) },
    };
    const sync: Declaration = {
      name: name("sync"),
      type: "factfinder:DatabaseSync",
      inputs: { channel, director: "director", nodes, timeout },
    };
    const node: Declaration = {
      name: name("node-sync"),
      type: "factfinder:NodeSync",
      inputs: {
        connection: "worker1",
        channels: [channel],
        director: "director",
        timeout,
        ...triggered(random),
      },
    };
    const reset: Declaration = {
      name: name("reset"),
      type: "factfinder:ConfigVersionReset",
      inputs: { connection: random.pick(["director", "worker1"]), timeout, ...triggered(random) },
    };
    return random.weighted<() => Declaration[]>([
      [4, () => [prune]],
      [1.5, () => [prune, { ...prune, name: name("another-prune") }]],
      [
        4,
        () => [prune, { ...sync, triggersFrom: [`${prune.name}.databaseVersion`], dependsOn: [prune.name] }],
      ],
      [3, () => [sync]],
      [2, () => [prune, { ...node, dependsOn: [prune.name] }]],
      [1, () => [reset]],
    ])();
  },
  edit(random, { name, type }): Edit {
    const isRun = type !== "factfinder:DatabaseSync";
    const inputs =
      isRun && random.chance(0.7) ? triggered(random) : { timeout: random.pick(timeouts.slice(1)) };
    return { edit: "inputs", name, inputs };
  },
  async open(choice, surroundings): Promise<Installed> {
    const simulator = await startFactFinder({
      ...(choice.options as FactFinderOptions),
      ...sharedOptions(choice, surroundings),
      channels,
      network: surroundings.network((endpoint) => `${endpoint}.ff.test:8080`),
    });
    const connection = (url: string) => ({ endpoints: [url], ...credentials(choice, `${url}/oauth/token`) });
    const worker = (which: number) =>
      simulator.workers[which % simulator.workers.length] as FactFinderSimulator["director"];
    const channel = (which: number) => channels[which % channels.length] as string;
    simulator.addDeltas("de", [{ record: { id: "1" } }]);
    return {
      simulator,
      connections: Object.fromEntries(
        [simulator.director, ...simulator.workers].map(({ name, url }) => [name, connection(url)]),
      ),
      truth: () => factFinderTruth(simulator),
      acts: {
        "an import ends": (which) => simulator.endImport(channel(which)),
        "somebody prunes": (which) => simulator.prune(channel(which)),
        "deltas arrive": (which) => simulator.addDeltas(channel(which), [{ record: { id: "2" } }]),
        "a worker falls back": (which) => worker(which).setState(channel(which), { databaseVersion: 40 }),
        "a worker is down": (which) => void worker(which).goDown(),
      },
      calm() {
        for (const node of [simulator.director, ...simulator.workers]) void node.comeUp();
      },
    };
  },
};
