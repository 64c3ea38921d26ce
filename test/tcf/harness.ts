import assert from "node:assert/strict";
import type { Connection } from "../../provider/index.ts";
import { startTcf, type TcfCluster, type TcfOptions, type TcfSimulator } from "../../simulators/index.ts";
import { directDoor, type Properties, type Session } from "../rules/door.ts";
import { Stack } from "../rules/stack.ts";

/** One federation, and a stack with one resource on it. */
export interface Harness extends AsyncDisposable {
  tcf: TcfSimulator;
  stack: Stack;
  session: Session;
  /** Switching calls since the start, as `demote cluster1`. */
  switched(): string[];
  statuses(): string[];
}

type Settings = Partial<Connection>;

/**
 * `east` leads to cluster1, `west` to cluster2.
 *
 * @param settings of both connections, or of the connection of each cluster
 * @param door what the engine goes through; default: none
 */
export async function openHarness(
  type: "tcf:ActiveCluster" | "tcf:ClusterRole",
  options: TcfOptions = {},
  settings: Settings | ((cluster: TcfCluster) => Settings | Promise<Settings>) = {},
  door = directDoor,
): Promise<Harness> {
  const tcf = await startTcf(options);
  const settingsOf = async (cluster: TcfCluster) => ({
    endpoints: cluster.endpoints,
    ...(typeof settings === "function" ? await settings(cluster) : settings),
  });
  const [east, west] = await Promise.all(tcf.clusters.map(settingsOf));
  const session = await door.open(type, { east, west } as Record<string, Connection>);
  return {
    tcf,
    session,
    stack: new Stack(session),
    switched: () =>
      tcf.requests
        .filter(({ mutating }) => mutating)
        .map(
          ({ path, endpoint }) =>
            `${path.split("/").at(-1)} ${tcf.cluster(endpoint.split("/")[0] ?? "").name}`,
        ),
    statuses: () => tcf.clusters.map(({ status }) => status),
    [Symbol.asyncDispose]: () => tcf.close(),
  };
}

/** Good inputs of an ActiveCluster: cluster2 is to be active, which a fresh federation is not. */
export const wanted = (more: Properties = {}): Properties => ({
  active: "cluster2",
  clusters: { cluster1: "east", cluster2: "west" },
  // What stands, has tests of its own: these need not wait for it.
  stableFor: "0s",
  ...more,
});

/** Good inputs of a ClusterRole: each costs one call on a fresh federation where, for the second, nobody is active. */
export const passiveEast = (more: Properties = {}) => ({
  connection: "east",
  role: "passive",
  stableFor: "0s",
  ...more,
});
export const activeWest = (more: Properties = {}) => ({
  connection: "west",
  role: "active",
  stableFor: "0s",
  ...more,
});

export function nobodyActive({ tcf }: Harness): void {
  for (const cluster of tcf.clusters) cluster.status = "passive";
}

/** The failure of some work. It is an error for it to succeed. */
export async function failureOf(work: Promise<unknown>): Promise<Error> {
  const outcome = await work.then(
    () => undefined,
    (error: Error) => error,
  );
  assert.ok(outcome, "succeeded although it cannot");
  return outcome;
}
