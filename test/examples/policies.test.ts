import assert from "node:assert/strict";
import { chmod, cp, mkdir, writeFile } from "node:fs/promises";
import { delimiter, join } from "node:path";
import {
  failoverBesideMaintenance,
  forcedWithoutReason,
  type Resource,
  withoutWindows,
} from "../../examples/policies/rules.ts";
import type { PulumiProject } from "../../scripts/pulumi-project.ts";
import { configurationValues, connectionsTo } from "../../simulators/configuration.ts";
import { startRedis, startTcf } from "../../simulators/index.ts";
import { built } from "../support/built.ts";
import { example, failed, pulumiProject, succeeded } from "../support/pulumi.ts";

const resource = (type: string, name: string, props: Resource["props"], stack = "production"): Resource => ({
  type: `pulumi-nodejs:dynamic/clusterops/${type}`,
  name,
  urn: `urn:pulumi:${stack}::shop::pulumi-nodejs:dynamic/clusterops/${type}::${name}`,
  props,
});
const clusters = { east: "tcf-east", west: "tcf-west" };
const failover = resource("tcf:ActiveCluster", "orders", { active: "east", clusters });
const stands = resource("tcf:ActiveCluster", "orders", { active: "east", activeName: "east", clusters });
const entering = resource("redis:NodeMaintenance", "node-2", { nodeUid: 2 });
const isIn = resource("redis:NodeMaintenance", "node-2", { nodeUid: 2, inMaintenance: true });

describe("the rules of the example policies", () => {
  const pairs: [what: string, resources: Resource[], isRefused: boolean][] = [
    ["a failover and a node that enters", [failover, entering], true],
    [
      "a role that changes, by the native plugin, and a removal",
      [
        { ...failover, type: "clusterops:tcf:ClusterRole", props: { role: "active", status: "passive" } },
        resource("redis:NodeRemoval", "gone", { nodeUid: 2 }),
      ],
      true,
    ],
    ...["maintenance_on", "remove", "decommission"].map((action): [string, Resource[], boolean] => [
      `a failover and the action ${action}`,
      [failover, resource("redis:NodeAction", "by-hand", { nodeUid: 2, action })],
      true,
    ]),
    [
      "a failover beside an action that has ended",
      [failover, resource("redis:NodeAction", "by-hand", { action: "remove", status: "completed" })],
      false,
    ],
    [
      "a failover and an action that leaves the node where it is",
      [failover, resource("redis:NodeAction", "back", { nodeUid: 2, action: "maintenance_off" })],
      false,
    ],
    ["a failover while a node is in maintenance", [failover, isIn], false],
    ["a node that enters while a cluster is active", [stands, entering], false],
    [
      "somebody else's type of that name",
      [failover, { ...entering, type: "shop:redis:NodeMaintenance" }],
      false,
    ],
  ];
  for (const [what, resources, isRefused] of pairs)
    it(`${isRefused ? "refuse" : "allow"} ${what}`, () =>
      assert.equal(failoverBesideMaintenance(resources) !== undefined, isRefused));

  it("refuse force without a reason, and take any reason", () => {
    const forced = resource("tcf:ActiveCluster", "orders", { active: "east", force: true });
    const settings = { guards: undefined, override: undefined };
    assert.match(forcedWithoutReason(forced, settings) ?? "", /^force of orders needs a reason/);
    assert.equal(forcedWithoutReason(forced, { ...settings, override: "INC-17: east is dead" }), undefined);
    assert.equal(forcedWithoutReason(failover, settings), undefined);
    assert.equal(
      forcedWithoutReason({ ...forced, props: { force: false, resolveBothActive: undefined } }, settings),
      undefined,
    );
    const taking = resource("redis:MaintenanceStep", "roll", { allowNodesInMaintenance: true });
    assert.match(forcedWithoutReason(taking, settings) ?? "", /^allowNodesInMaintenance of roll needs/);
    const native = { ...forced, type: "clusterops:tcf:ActiveCluster" };
    assert.match(forcedWithoutReason(native, settings) ?? "", /^force of orders/);
  });

  it("refuse production without windows, for each connection that is used", () => {
    const guards = (value: object) => ({ guards: JSON.stringify(value), override: undefined });
    const refused = (value: object, stack = "production") =>
      withoutWindows(
        [resource("tcf:ActiveCluster", "orders", { clusters }, stack), entering],
        /^prod/,
        guards(value),
      );
    const windows = [{ timeZone: "UTC" }];
    assert.match(refused({}) ?? "", /no maintenance window for redis, tcf-east, tcf-west:/);
    assert.match(refused({ redis: { windows }, "tcf-east": { windows } }) ?? "", /for tcf-west:/);
    assert.equal(refused({ "*": { windows } }), undefined);
    assert.match(refused({ "*": { windows }, redis: { windows: [] } }) ?? "", /for redis:/);
    assert.match(
      withoutWindows([entering], /^prod/, { guards: "no JSON", override: undefined }) ?? "",
      /for redis:/,
    );
    assert.equal(
      withoutWindows([resource("redis:NodeMaintenance", "n", {}, "dev")], /^prod/, guards({})),
      undefined,
    );
  });
});

/**
 * The pack as the engine runs it, through the script that Pulumi ships for packs in JavaScript (sdk/nodejs/dist/pulumi-analyzer-policy): a CLI
 * whose language host cannot run packs takes it for a runtime of that name.
 */
async function packIn(project: PulumiProject): Promise<{ args: string[]; env: NodeJS.ProcessEnv }> {
  const [pack, bin] = [join(project.root, "policies"), join(project.root, "bin")];
  await cp(example("policies"), pack, { recursive: true });
  await writeFile(join(pack, "PulumiPolicy.yaml"), "runtime: script\n");
  await mkdir(bin);
  const script = join(bin, "pulumi-analyzer-policy-script");
  const run = "console.log(require.resolve('@pulumi/pulumi/cmd/run-policy-pack'))";
  await writeFile(script, `#!/bin/sh\nexec node "$(node -e "${run}")" "$@"\n`);
  await chmod(script, 0o755);
  return { args: ["--policy-pack", pack], env: { PATH: [bin, project.env.PATH].join(delimiter) } };
}

describe("the example policies, on the real CLI", function () {
  this.timeout(180_000);
  before(built);

  it("refuse a preview for all three reasons at once, and let another pass", async () => {
    await using tcf = await startTcf();
    await using redis = await startRedis();
    const program = (more: string, node: string) => `import { redis, tcf } from "pulumi-clusterops";
new tcf.ActiveCluster("orders", { active: "cluster2", clusters: { cluster1: "cluster1", cluster2: "cluster2" }, ${more} });
${node}`;
    await using project = await pulumiProject({
      program: program("force: true", `new redis.NodeMaintenance("node-2", { nodeUid: 2 });`),
      stack: "production",
      config: configurationValues(connectionsTo({ tcf, redis })),
    });
    const pack = await packIn(project);
    const { output } = failed(await project.preview(pack), /no-failover-beside-maintenance/);
    assert.match(output, /orders fails over, and node-2 takes a node away: do them in two updates/);
    assert.match(output, /force of orders needs a reason/);
    assert.match(output, /no maintenance window for cluster1, cluster2, redis/);

    await project.write("index.ts", program("", ""));
    const guards = JSON.stringify({ "*": { windows: [{ from: "00:00", to: "24:00", timeZone: "UTC" }] } });
    await project.run(["config", "set", "clusterops:guards", guards], { check: true });
    succeeded(await project.preview(pack));
    assert.equal(tcf.counts().mutating + redis.counts().mutating, 0);
  });
});
