import { startTcf, type TcfOptions, type TcfSimulator } from "../../../simulators/index.ts";
import type { Declaration, Edit } from "../story.ts";
import { credentials, type Installed, type SystemModel, sharedOptions, timeouts } from "./installed.ts";

/** The word of each cluster. */
export type TcfTruth = Record<string, string>;

export function tcfTruth(simulator: TcfSimulator): TcfTruth {
  return Object.fromEntries(simulator.clusters.map(({ name, status }) => [name, status]));
}

const clusters = { cluster1: "east", cluster2: "west" };

export const tcf: SystemModel = {
  auths: ["none", "token", "oauth2"],
  acts: [
    "somebody toggles",
    "somebody demotes",
    "a coordinator takes it back",
    "both are made active",
    "a side is dead",
  ],
  options(random) {
    const instances = random.int(1, 2);
    return {
      ids: random.pick(["relative", "absolute"]),
      switchMs: random.chance(0.4) ? 0 : random.spread(200, 6_000),
      waitsForSwitch: random.chance(0.2),
      promoteWhileOtherActive: random.pick(["refuse", "autoDemote", "bothActive"]),
      successBody: random.pick(["empty", "text"]),
      clusters: [
        { id: "cluster_1", name: "cluster1", instances },
        { id: "cluster_2", name: "cluster2", instances },
      ],
    } satisfies TcfOptions;
  },
  program(random, _choice, side): Declaration[] {
    const timeout = random.pick(timeouts);
    if (random.chance(0.3))
      return [
        {
          name: side === 0 ? "east-role" : "west-role",
          type: "tcf:ClusterRole",
          inputs: {
            connection: side === 0 ? "east" : "west",
            role: random.pick(["active", "passive"]),
            timeout,
            ...(random.chance(0.7) && { cluster: side === 0 ? "cluster1" : "cluster2" }),
          },
        },
      ];
    return [
      {
        name: side === 0 ? "failover" : "failover-b",
        type: "tcf:ActiveCluster",
        inputs: {
          active: random.pick(["cluster1", "cluster2", "cluster2"]),
          clusters,
          timeout,
          ...(random.chance(0.2) && { strategy: "toggle" }),
          ...(random.chance(0.1) && { force: true }),
          ...(random.chance(0.3) && { stableFor: "0s" }),
        },
      },
    ];
  },
  edit(random, { name, type, inputs }): Edit {
    if (type === "tcf:ClusterRole")
      return { edit: "inputs", name, inputs: { role: inputs.role === "active" ? "passive" : "active" } };
    if (random.chance(0.3)) return { edit: "inputs", name, inputs: { timeout: random.pick(timeouts) } };
    return {
      edit: "inputs",
      name,
      inputs: { active: inputs.active === "cluster1" ? "cluster2" : "cluster1" },
    };
  },
  async open(choice, surroundings): Promise<Installed> {
    const simulator = await startTcf({
      ...(choice.options as TcfOptions),
      ...sharedOptions(choice, surroundings),
      network: surroundings.network(
        (endpoint) => `${endpoint.replace("/", "-").replace("_", "")}.tcf.test:8082`,
      ),
    });
    const connection = (name: string) => {
      const { endpoints } = simulator.cluster(name);
      return { endpoints, ...credentials(choice, `${endpoints[0]}/oauth/token`) };
    };
    const at = (which: number) => simulator.clusters[which % 2] as TcfSimulator["clusters"][number];
    return {
      simulator,
      connections: { east: connection("cluster1"), west: connection("cluster2") },
      truth: () => tcfTruth(simulator),
      acts: {
        "somebody toggles": () => simulator.failOver(),
        "somebody demotes": () => {
          for (const cluster of simulator.clusters) cluster.status = "passive";
        },
        "a coordinator takes it back": () => simulator.failOver(),
        "both are made active": () => {
          for (const cluster of simulator.clusters) cluster.status = "active";
        },
        "a side is dead": (which) => void at(which).goDown(),
      },
      delays: { "a coordinator takes it back": (which) => 1_000 + (which % 9) * 1_000 },
      calm() {
        for (const cluster of simulator.clusters) void cluster.comeUp();
      },
    };
  },
};
