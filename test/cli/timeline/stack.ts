/** When the work of these stacks begins. */
export const began = Date.parse("2030-01-01T22:00:03Z");

export const at = (seconds: number) => new Date(began + seconds * 1_000).toISOString();

type Outputs = Record<string, unknown>;

/** A resource of ours in a stack export. */
export function resource(
  name: string,
  outputs: Outputs,
  { type = "redis:NodeMaintenance", initErrors }: { type?: string; initErrors?: string[] } = {},
) {
  return {
    urn: `urn:pulumi:prod::shop::pulumi-nodejs:dynamic/clusterops/${type}::${name}`,
    type: `pulumi-nodejs:dynamic/clusterops/${type}`,
    outputs,
    ...(initErrors && { initErrors }),
  };
}

/** What is remembered today. */
export function remembered(
  waits: [what: string, from: number, to: number][],
  handle?: Record<string, unknown>,
): Outputs {
  const recorded = waits.map(([what, from, to]) => ({
    what,
    from: began + from * 1_000,
    to: began + to * 1_000,
  }));
  return { __memory: { v: 1, waits: recorded, ...(handle && { handle }) } };
}

/** A node that entered maintenance: it is asked for, waited for, verified. */
export function node(uid: number, from: number, seconds: number) {
  const [first, last] = [from + seconds * 0.1, from + seconds * 0.9];
  return resource(`node-${uid}`, {
    startedAt: at(from),
    finishedAt: at(from + seconds),
    ...remembered([[`node ${uid} maintenance_on`, first, last]]),
  });
}

export const failed = resource(
  "action-7",
  { startedAt: at(70), finishedAt: at(95), ...remembered([], { failed: "insufficient_resources" }) },
  {
    type: "redis:NodeAction",
    initErrors: ["redis node 7: enslave_node failed: insufficient_resources (task 38c7, after 25s)"],
  },
);

export const unfinished = resource(
  "orders",
  { startedAt: at(40), ...remembered([["cluster1 passive", 42, 60]], { call: "promote" }) },
  {
    type: "tcf:ActiveCluster",
    initErrors: ["promote cluster_2: not done within the timeout of 5m; the next pulumi up resumes it"],
  },
);

export const untimed = resource(
  "prune-de",
  remembered([], { failed: "the director answers 503", unsent: true }),
  { type: "factfinder:DatabasePrune" },
);

/** `pulumi stack export` */
export function exported(...resources: { urn: string; type: string; outputs?: object }[]) {
  const stack = { urn: "urn:pulumi:prod::shop::pulumi:pulumi:Stack::shop-prod", type: "pulumi:pulumi:Stack" };
  return { version: 3, deployment: { resources: [stack, ...resources] } };
}
