import assert from "node:assert/strict";
import { startTcf, type TcfSimulator } from "../../simulators/index.ts";
import { Combined } from "../support/combined.ts";
import { flow } from "../support/flow.ts";
import { example, failed, pulumiProject, succeeded, unchanged } from "../support/pulumi.ts";

function federation(name: string): Promise<TcfSimulator> {
  return startTcf({
    switchMs: 200,
    clusters: [
      { id: "cluster_1", name: `${name}-east` },
      { id: "cluster_2", name: `${name}-west` },
    ],
  });
}

class TwoFederations extends Combined {
  readonly payments: TcfSimulator;
  readonly orders: TcfSimulator;

  constructor(payments: TcfSimulator, orders: TcfSimulator) {
    super(payments, orders);
    this.payments = payments;
    this.orders = orders;
  }

  get activeNames(): string[] {
    return [...this.payments.activeNames, ...this.orders.activeNames];
  }
}

async function open() {
  const system = new TwoFederations(await federation("payments"), await federation("orders"));
  const connections = [...system.payments.clusters, ...system.orders.clusters].map(({ name, endpoints }) => [
    `clusterops:connections.${name}.endpoints[0]`,
    endpoints[0] as string,
  ]);
  const config = { ...Object.fromEntries(connections), region: "east" };
  return { system, project: await pulumiProject({ from: example("multi-region-failover"), config }) };
}

flow("the example multi-region-failover", open, (step) => {
  step("adopts what is", 0, async ({ project }) => {
    succeeded(await project.up());
  });

  step("leaves the second federation where it is when the first cannot be moved", 1, async (harness) => {
    const { project, system } = harness;
    await project.setConfig({ region: "west" });
    system.payments.fault({ kind: "status", status: 403, match: { path: "/tcf/demote" } });
    failed(await project.up(), /payments.*403/);
    assert.deepEqual(system.activeNames, ["payments-east", "orders-east"]);
  });

  step("moves both, one after the other", 4, async ({ project, system }) => {
    const before = system.requests.length;
    const { output } = succeeded(await project.up({ preview: true }));
    assert.match(output, /demote payments-east, then promote payments-west/);
    assert.match(output, /demote orders-east, then promote orders-west/);
    assert.deepEqual(
      system.requests
        .slice(before)
        .filter(({ mutating }) => mutating)
        .map(({ endpoint, path }) => `${endpoint} ${path}`),
      [
        "cluster_1/0 /tcf/demote",
        "cluster_2/0 /tcf/promote",
        "cluster_1/0 /tcf/demote",
        "cluster_2/0 /tcf/promote",
      ],
    );
    assert.deepEqual(await project.outputs(), { active: ["payments-west", "orders-west"] });
  });

  step("is done: a second up sends nothing", 0, async ({ project }) => {
    unchanged(await project.up());
  });
});
