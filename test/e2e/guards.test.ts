import assert from "node:assert/strict";
import { startTcf } from "../../simulators/index.ts";
import { flow } from "../support/flow.ts";
import { failed, pulumiProject, recorded, succeeded } from "../support/pulumi.ts";
import { redisHarness, redisProgram } from "../support/redis-harness.ts";

const program = redisProgram(`export const node = new redis.NodeMaintenance("node-2", { nodeUid: 2 });`);
const path = "clusterops:guards.redis";
const reason = "INC-4711 primary DC down";

flow(
  "a stack with guards",
  () => redisHarness(program),
  (step) => {
    step(
      "is refused for a time zone that there is none of, under its path",
      0,
      async ({ project, system }) => {
        await project.setConfig({
          [`${path}.windows[0].days[0]`]: "sat",
          [`${path}.windows[0].from`]: "22:00",
          [`${path}.windows[0].to`]: "04:00",
          [`${path}.windows[0].timeZone`]: "Europe/Berln",
        });
        failed(
          await project.preview(),
          /clusterops:guards\.redis\.windows\[0\]\.timeZone.*"Europe\/Berln" is no time zone.*did you mean Europe\/Berlin\?/,
        );
        assert.equal(system.counts().reads, 0);
      },
    );

    step(
      "is refused by a preview outside of its windows, which names the next one",
      0,
      async ({ project }) => {
        await project.setConfig({
          [`${path}.windows[0].timeZone`]: "Europe/Berlin",
          // It is never both.
          [`${path}.freezes[0].from`]: "2020-01-01T00:00:00Z",
          [`${path}.freezes[0].to`]: "2099-01-01T00:00:00Z",
          [`${path}.freezes[0].reason`]: "until the move",
        });
        const { output } = failed(
          await project.preview(),
          /frozen until Thu 2099-01-01 00:00 UTC, until the move/,
        );
        assert.match(
          output,
          /the next window is Sat 2099-01-03 22:00 to Sun 2099-01-04 04:00 Europe\/Berlin/,
        );
        assert.match(output, /\(Sat 2099-01-03 21:00 to Sun 2099-01-04 03:00 UTC\)/);
      },
    );

    step("is refused by an up, too", 0, async ({ project }) => {
      failed(await project.up(), /frozen until Thu 2099-01-01/);
    });

    step("is refused with an override that says no reason", 0, async ({ project }) => {
      await project.setConfig({ "clusterops:override": "true" });
      failed(await project.preview(), /clusterops:override.* says no reason: write why/);
    });

    step("goes ahead with a reason, which is said and recorded", 1, async ({ project }) => {
      await project.setConfig({ "clusterops:override": reason });
      const { output } = succeeded(await project.up());
      assert.match(
        output,
        /warning: overridden: clusterops:guards\.redis\.freezes\[0\]: frozen until .*; clusterops:override: INC-4711 primary DC down/,
      );
      assert.equal((await recorded(project, "node-2"))?.outputs?.overridden, reason);
    });

    step("lets go of what it took, at any time", 1, async ({ project }) => {
      await project.setConfig({ "clusterops:override": "" });
      succeeded(await project.destroy());
    });
  },
);

const federation = `import * as pulumi from "@pulumi/pulumi";
  import { tcf } from "pulumi-clusterops";
  const active = new pulumi.Config().require("active");
  new tcf.ActiveCluster("orders", {
    active,
    clusters: { cluster1: "east", cluster2: "west" },
    stableFor: "0s",
  });`;

flow(
  "a stack whose federation has just switched",
  async () => {
    const system = await startTcf();
    const [east = "", west = ""] = system.clusters.map(({ endpoints }) => endpoints[0]);
    const config = {
      "clusterops:connections.east.endpoints[0]": east,
      "clusterops:connections.west.endpoints[0]": west,
      'clusterops:guards["*"].minutesBetweenSwitches': "60",
      active: "cluster2",
    };
    return { system, project: await pulumiProject({ program: federation, config }) };
  },
  (step) => {
    step("has switched once", 2, async ({ project }) => {
      succeeded(await project.up());
    });

    step("is refused the next switch: by a preview, and by an up", 0, async ({ project }) => {
      await project.setConfig({ active: "cluster1" });
      const tooSoon =
        /tcf cluster1 \+ cluster2: clusterops:guards\["\*"\]\.minutesBetweenSwitches: the federation last switched at .* UTC, and 60 minutes have to pass: until/;
      failed(await project.preview(), tooSoon);
      failed(await project.up(), tooSoon);
    });

    step("is healed at once where no cluster is active", 1, async ({ project, system }) => {
      for (const cluster of system.clusters) cluster.status = "passive";
      succeeded(await project.refresh());
      succeeded(await project.up());
      assert.deepEqual(system.activeNames, ["cluster1"]);
    });
  },
);
