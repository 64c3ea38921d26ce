import assert from "node:assert/strict";
import type { Connection } from "../../../provider/index.ts";
import { startTcf } from "../../../simulators/index.ts";
import { type Answer, TerraformServer } from "./server.ts";
import { config, nothing, texts } from "./stage.ts";

const federation = "clusterops_tcf_active_cluster";

async function open() {
  const tcf = await startTcf();
  const [east, west] = tcf.clusters.map(({ endpoints }) => ({ endpoints }));
  const start = () => TerraformServer.start({ east, west } as Record<string, Connection>);
  const server = await start();
  return {
    server,
    start,
    tcf,
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]();
      await tcf.close();
    },
  };
}

const errors = ({ diagnostics }: Answer) => texts(diagnostics.filter(({ severity }) => severity === 1));

const wanted = (active: string) =>
  config(federation, { active, clusters: { cluster1: "east", cluster2: "west" }, stable_for: "0s" });

describe("two resources of one configuration that want opposite roles of a federation", () => {
  it("are refused in the plan of the second one", async () => {
    await using stage = await open();
    assert.equal(errors(await stage.server.plan(federation, nothing, wanted("cluster2"))), "");
    assert.match(
      errors(await stage.server.plan(federation, nothing, wanted("cluster1"))),
      /is to be active here, and passive by another clusterops_tcf_active_cluster, in the same program/,
    );
    assert.equal(stage.tcf.counts().mutating, 0);
  });

  it("are none where Terraform asks for the same plan twice, or for another one of what is there", async () => {
    await using stage = await open();
    const first = await stage.server.plan(federation, nothing, wanted("cluster2"));
    assert.equal(errors(await stage.server.plan(federation, nothing, wanted("cluster2"))), "");
    await using applying = await stage.start();
    const made = await applying.apply(federation, nothing, first);
    assert.equal(errors(made), "");
    await using next = await stage.start();
    assert.equal(errors(await next.plan(federation, made, wanted("cluster1"))), "");
  });
});
