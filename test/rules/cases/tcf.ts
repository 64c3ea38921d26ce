import { startTcf, type TcfOptions, type TcfSimulator } from "../../../simulators/index.ts";
import type { ResourceCase, Rig } from "../resource-case.ts";

interface TcfRig extends Rig {
  simulator: TcfSimulator;
  options: TcfOptions;
}

/** What both have in common: `cluster1` is active at first, its connection is `east`; `cluster2` is passive, `west`. */
const federation = {
  kind: "state",
  leavesMark: true,
  deleteCosts: 0,
  heldAs: /switching/,
  hold({ simulator, options }) {
    const long = 86_400_000;
    options.switchMs = long;
    return () => {
      options.switchMs = 0;
      simulator.clock.advance(long);
    };
  },
} as const satisfies Partial<ResourceCase<TcfRig>>;

async function start(given: Parameters<ResourceCase["start"]>[0], inputs: Rig["inputs"]): Promise<TcfRig> {
  const options: TcfOptions = { ...given };
  const simulator = await startTcf(options);
  const [east, west] = ["cluster1", "cluster2"].map((name) => ({
    endpoints: simulator.cluster(name).endpoints,
  }));
  return { simulator, options, connections: { east: east ?? {}, west: west ?? {} }, inputs };
}

export const tcfCases: ResourceCase<TcfRig>[] = [
  {
    ...federation,
    type: "tcf:ActiveCluster",
    ignoresConnection: true,
    isLedToSafety: true,
    costs: 2,
    request: { method: "POST", path: /^\/tcf\/(demote|promote)$/ },
    change: { inputs: { active: "cluster1" }, costs: 2 },
    bad: [
      [{ active: undefined }, "active", /is required/],
      [{ active: "" }, "active", /fewer than 1/],
      [{ clusters: { cluster1: "east" } }, "clusters", /exactly two/],
      [
        { clusters: { cluster1: "east", cluster2: "nowhere" } },
        "clusters.cluster2",
        /no connection "nowhere"/,
      ],
      [{ strategy: "promote" }, "strategy", /not one of "demoteThenPromote", "toggle"/],
      [{ force: "yes" }, "force", /not a boolean/],
    ],
    start: (options) =>
      start(options, (refer) => ({
        active: "cluster2",
        clusters: { cluster1: refer("east"), cluster2: refer("west") },
        stableFor: "0s",
      })),
    drift: ({ simulator }) => simulator.failOver(),
    impossible: { property: "active", reason: /both clusters are active/ },
    obstruct: ({ simulator }) => {
      simulator.cluster("cluster2").status = "active";
    },
  },
  {
    ...federation,
    type: "tcf:ClusterRole",
    costs: 1,
    request: { method: "POST", path: "/tcf/demote" },
    change: { inputs: { role: "active" }, costs: 1, request: { method: "POST", path: "/tcf/promote" } },
    bad: [
      [{ role: undefined }, "role", /is required/],
      [{ role: "leader" }, "role", /not one of "active", "passive"/],
      [{ cluster: "" }, "cluster", /fewer than 1/],
    ],
    start: (options) =>
      start(options, (refer) => ({
        role: "passive",
        cluster: "cluster1",
        connection: refer("east"),
        stableFor: "0s",
      })),
    drift: ({ simulator }) => {
      simulator.cluster("cluster1").status = "active";
    },
    impossible: {
      inputs: { role: "active", cluster: "cluster2", connection: "west" },
      property: "role",
      reason: /cluster1 .*active/,
    },
  },
];
