import { startTcf, type TcfOptions, type TcfSimulator } from "../../../simulators/index.ts";
import type { Installation } from "./installation.ts";

/** A federation of two clusters, as its lists show it. */
export interface TcfWorld {
  system: "tcf";
  clusters: [TcfClusterState, TcfClusterState];
}

export interface TcfClusterState {
  id: string;
  name: string;
  status: string;
  /** What a change that is under way leads to. */
  becomes?: string;
  /** None of its instances answers. */
  isDown?: boolean;
}

export type TcfInstallation = Installation<TcfWorld, TcfSimulator, TcfOptions>;

export const federation: TcfWorld = {
  system: "tcf",
  clusters: [
    { id: "cluster_1", name: "cluster1", status: "active" },
    { id: "cluster_2", name: "cluster2", status: "passive" },
  ],
};

/** Longer than any test: a change that does not end by itself. */
const long = 86_400_000;

/** From now on changes of state never end. */
export function holdSwitches({ options }: TcfInstallation): void {
  options.switchMs = long;
}

/**
 * The federation that 0.1.0 was recorded with: an id means the same cluster in both lists. Whoever gives the simulator another
 * reading of ids says here that these recordings mean this one: nobody else starts a federation for them.
 */
export function federation0_1_0(options: TcfOptions): TcfOptions {
  return { ids: "absolute", ...options };
}

export async function openTcf({ clusters }: TcfWorld, more: TcfOptions = {}): Promise<TcfInstallation> {
  const [one, other] = clusters.map(({ id, name, status }) => ({ id, name, status }));
  const options = federation0_1_0({ clusters: [one, other] as TcfOptions["clusters"], ...more });
  const simulator = await startTcf(options);
  for (const { name, isDown } of clusters) if (isDown) await simulator.cluster(name).goDown();
  const [east, west] = simulator.clusters.map(({ endpoints }) => ({ endpoints }));
  const connections = {
    tcf: east,
    east,
    west,
    cluster_1: east,
    cluster_2: west,
    cluster1: east,
    cluster2: west,
  };
  return {
    simulator,
    options,
    connections: connections as TcfInstallation["connections"],
    addresses: simulator.clusters.map(({ name, endpoints }) => [
      `http://${name}.example:8081`,
      endpoints[0] as string,
    ]),
    shows: /^\/tcf\/clusters$/,
    look: () => lookAt(simulator, clusters),
    finish() {
      for (const { name, becomes } of clusters) if (becomes) simulator.cluster(name).status = becomes;
    },
    [Symbol.asyncDispose]: () => simulator.close(),
  };
}

function lookAt(simulator: TcfSimulator, clusters: TcfWorld["clusters"]): TcfWorld {
  const now = simulator.clusters.map(({ status }) => status);
  simulator.clock.advance(long);
  const later = simulator.clusters.map(({ status }) => status);
  const states = clusters.map((cluster, index) => ({
    ...cluster,
    status: now[index],
    ...(later[index] !== now[index] && { becomes: later[index] }),
  }));
  return { system: "tcf", clusters: states as TcfWorld["clusters"] };
}

/** The same a little later: what was changing has changed. */
export function tcfLater({ clusters }: TcfWorld): TcfWorld {
  const later = clusters.map(({ becomes, ...cluster }) => ({
    ...cluster,
    status: becomes ?? cluster.status,
  }));
  return { system: "tcf", clusters: later as TcfWorld["clusters"] };
}
