import type { FactFinderSimulator, RedisSimulator, TcfSimulator } from "../../simulators/index.ts";
import { factfinderCases } from "../rules/cases/factfinder.ts";
import { redisCases } from "../rules/cases/redis.ts";
import { tcfCases } from "../rules/cases/tcf.ts";
import type { ResourceCase, Rig } from "../rules/resource-case.ts";
import type { Model } from "./model.ts";

function caseOf<R extends Rig>(cases: ResourceCase<R>[], type: string): ResourceCase<R> {
  return cases.find((one) => one.type === type) as ResourceCase<R>;
}

type On<S> = Rig & { simulator: S };
const again = [{ triggers: [0] }, { triggers: [1] }, { triggers: [2] }];

const maintenance: Model<On<RedisSimulator>> = {
  resource: caseOf(redisCases, "redis:NodeMaintenance"),
  variants: [{}, { timeout: "9s" }, { evictHaReplica: true }],
  outside: {
    "somebody turns maintenance off": ({ simulator }) => {
      if (simulator.node(2).exists) simulator.node(2).takeOutOfMaintenance();
    },
    "somebody turns maintenance on": ({ simulator }) => {
      if (simulator.node(2).exists && !simulator.node(2).inMaintenance) simulator.node(2).putInMaintenance();
    },
    "the node disappears": ({ simulator }) => {
      if (simulator.node(2).exists) simulator.node(2).vanish();
    },
    "another node leads": ({ simulator }) => simulator.changeLeader(simulator.leader === 1 ? 3 : 1),
  },
  isSo: ({ simulator }) => simulator.node(2).maintenanceDepth === 1,
  isImpossible: ({ simulator }) => !simulator.node(2).exists,
  isGone: ({ simulator }) => !simulator.node(2).exists || !simulator.node(2).inMaintenance,
};

const action: Model<On<RedisSimulator>> = {
  resource: caseOf(redisCases, "redis:NodeAction"),
  variants: again,
  outside: {
    "somebody has run another action": ({ simulator }) => {
      simulator.node(3).start("enslave_node");
    },
  },
};

const failover: Model<On<TcfSimulator>> = {
  resource: caseOf(tcfCases, "tcf:ActiveCluster"),
  variants: [{ active: "cluster2" }, { active: "cluster1" }],
  outside: {
    "somebody toggles": ({ simulator }) => simulator.failOver(),
    "a coordinator fails over": ({ simulator }) => {
      simulator.cluster("cluster1").status = "active";
      simulator.cluster("cluster2").status = "passive";
    },
    "somebody demotes": ({ simulator }) => {
      for (const cluster of simulator.clusters) cluster.status = "passive";
    },
  },
  // Each may hold writes that the other lacks: people have to decide.
  isImpossible: ({ simulator }) => simulator.activeNames.length === 2,
  isSo: ({ simulator }, { active }) =>
    simulator.activeNames.length === 1 && simulator.activeNames[0] === active,
};

const prune: Model<On<FactFinderSimulator>> = {
  resource: caseOf(factfinderCases, "factfinder:DatabasePrune"),
  variants: again,
  outside: { "deltas arrive": ({ simulator }) => simulator.addDeltas("de", [{ record: { id: "1" } }]) },
};

const sync: Model<On<FactFinderSimulator>> = {
  resource: caseOf(factfinderCases, "factfinder:DatabaseSync"),
  variants: [{ verbose: false }, { verbose: true }, { maxParallel: 1 }],
  outside: {
    "deltas arrive": ({ simulator }) => simulator.addDeltas("de", [{ record: { id: "1" } }]),
    "somebody prunes": ({ simulator }) => simulator.prune("de"),
    "a worker falls back": ({ simulator }) => simulator.worker(1).setState("de", { databaseVersion: 40 }),
  },
  isSo: ({ simulator }) => simulator.worker(1).isInSync("de"),
};

/** The resources that random events are run on. */
export const models = [maintenance, action, failover, prune, sync] as unknown as Model[];
