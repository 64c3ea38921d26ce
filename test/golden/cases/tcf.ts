import { federation, holdSwitches, openTcf, type TcfInstallation, type TcfWorld } from "../worlds/tcf.ts";
import { type Case, shortly } from "./case.ts";

const byId = { cluster_1: "east", cluster_2: "west" };
const byName = { cluster1: "east", cluster2: "west" };
const [one, other] = federation.clusters;
const secondActive: TcfWorld = {
  system: "tcf",
  clusters: [
    { ...one, status: "passive" },
    { ...other, status: "active" },
  ],
};
const bothPassive: TcfWorld = { system: "tcf", clusters: [{ ...one, status: "passive" }, other] };
const bothActive: TcfWorld = { system: "tcf", clusters: [one, { ...other, status: "active" }] };
const firstDead: TcfWorld = { system: "tcf", clusters: [{ ...one, isDown: true }, other] };

/** The next change of state takes its time, but not those that come before this call. */
function holdAfter(path: string) {
  return (installation: TcfInstallation) =>
    installation.simulator.watch((request) => {
      if (request.path === path) holdSwitches(installation);
    });
}

const orders = { active: "cluster_2", clusters: byId };
const failover = { type: "tcf:ActiveCluster", open: () => openTcf(federation), program: orders };
const role = { type: "tcf:ClusterRole", open: () => openTcf(federation) };
const unfinished = { outcome: "unfinished", timeoutSeconds: shortly } as const;

export const tcfCases: Case<TcfInstallation>[] = [
  { ...failover, name: "finished, ids as keys" },
  {
    ...failover,
    name: "finished, names as keys",
    program: { active: "cluster2", clusters: byName },
  },
  {
    ...failover,
    name: "finished, ids as keys and a name as active",
    program: { ...orders, active: "cluster2" },
  },
  {
    ...failover,
    name: "finished, names as keys and an id as active",
    program: { active: "cluster_2", clusters: byName },
  },
  {
    ...failover,
    name: "finished, by toggle",
    program: { ...orders, strategy: "toggle", timeout: "10m" },
  },
  { ...failover, name: "failed over and back", earlier: orders, program: { ...orders, active: "cluster_1" } },
  { ...failover, name: "adopted: it was active already", open: () => openTcf(secondActive) },
  {
    ...failover,
    name: "finished from two passive clusters",
    open: () => openTcf(bothPassive),
    program: { active: "cluster2", clusters: byName },
  },
  {
    ...failover,
    name: "finished from two active clusters",
    open: () => openTcf(bothActive),
    program: { ...orders, resolveBothActive: true },
  },
  {
    ...failover,
    name: "finished by force, the other cluster is dead",
    open: () => openTcf(firstDead),
    program: { active: "cluster2", clusters: byName, force: true },
  },
  {
    ...failover,
    name: "finished, with inline connections",
    program: {
      active: "cluster2",
      clusters: {
        cluster1: { endpoints: ["http://cluster1.example:8081"] },
        cluster2: { endpoint: "http://cluster2.example:8081", requestTimeout: "5s" },
      },
    },
  },
  { ...failover, ...unfinished, name: "unfinished: demote is under way, ids as keys", arrange: holdSwitches },
  {
    ...failover,
    ...unfinished,
    name: "unfinished: demote is under way, names as keys",
    program: { active: "cluster2", clusters: byName },
    arrange: holdSwitches,
  },
  {
    ...failover,
    ...unfinished,
    name: "unfinished: promote is under way, ids as keys",
    arrange: holdAfter("/tcf/demote"),
  },
  {
    ...failover,
    ...unfinished,
    name: "unfinished: promote is under way, names as keys",
    program: { active: "cluster2", clusters: byName },
    arrange: holdAfter("/tcf/demote"),
  },
  {
    ...failover,
    ...unfinished,
    name: "unfinished: toggle is under way",
    program: { ...orders, strategy: "toggle" },
    arrange: holdSwitches,
  },
  {
    ...failover,
    ...unfinished,
    name: "unfinished on the way back",
    earlier: orders,
    program: { ...orders, active: "cluster_1" },
    arrange: holdSwitches,
  },

  {
    ...role,
    name: "finished: passive, by id",
    program: { role: "passive", cluster: "cluster_1", connection: "east" },
  },
  {
    ...role,
    name: "finished: passive, by name",
    program: { role: "passive", cluster: "cluster1", connection: "east", timeout: "2m" },
  },
  { ...role, name: "finished: passive, without cluster", program: { role: "passive" } },
  {
    ...role,
    name: "finished: active, without cluster",
    open: () => openTcf(secondActive),
    arrange: ({ simulator }) => {
      simulator.cluster("cluster2").status = "passive";
    },
    program: { role: "active", cluster: "cluster1", connection: "east" },
  },
  {
    ...role,
    name: "adopted: it was passive already",
    program: { role: "passive", connection: "west" },
  },
  {
    ...role,
    name: "finished: active again",
    earlier: { role: "passive", connection: "east" },
    program: { role: "active", connection: "east", force: true },
  },
  {
    ...role,
    ...unfinished,
    name: "unfinished: demote is under way, by name",
    program: { role: "passive", cluster: "cluster1", connection: "east" },
    arrange: holdSwitches,
  },
  {
    ...role,
    ...unfinished,
    name: "unfinished: demote is under way, without cluster",
    program: { role: "passive", connection: "east" },
    arrange: holdSwitches,
  },
  {
    ...role,
    ...unfinished,
    name: "unfinished: promote is under way, by id",
    open: () => openTcf(bothPassive),
    program: { role: "active", cluster: "cluster_2", connection: "west" },
    arrange: holdSwitches,
  },
];
