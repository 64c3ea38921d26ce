import assert from "node:assert/strict";
import { startAspire, startRedis } from "../../../simulators/index.ts";
import { failureOf, urnOf } from "./calls.ts";
import { PluginServer } from "./server.ts";

const version = /needs version 3\.248\.0 or newer of the Pulumi CLI \(pulumi version tells which it is\)/;
const env = (connections: object) => ({
  PULUMI_CONFIG: JSON.stringify({ connections: JSON.stringify(connections), refreshBeforeUpdate: "true" }),
});

describe("with a Pulumi CLI that is older than it needs, the native plugin", () => {
  it("serves nothing where secrets would be recorded in clear, and says which version it needs", async () => {
    await using plugin = await PluginServer.start({});
    assert.match((await failureOf(plugin.configure({}, { acceptSecrets: false }))).message, version);
    await plugin.configure({});
    await plugin.handshake();
    await plugin.configure({}, { acceptSecrets: false });
  });

  it("asks for no refresh before an update where none would come, and says so once", async () => {
    await using redis = await startRedis({ nodes: 3 });
    const connections = { redis: { endpoints: redis.endpoints } };
    const two = [2, 3].map((nodeUid) => ({ nodeUid, allowOtherNodesUnavailable: true }));
    for (const isOld of [true, false]) {
      await using plugin = await PluginServer.start(connections, { env: env(connections) });
      await plugin.handshake(isOld ? {} : undefined);
      for (const inputs of two) {
        const made = await plugin.create(urnOf("redis:NodeMaintenance", `n${inputs.nodeUid}`), inputs);
        assert.equal(made.refreshes, !isOld);
      }
      const told = plugin.said.warnings.filter((text) => text.includes("refreshBeforeUpdate has no effect"));
      assert.equal(told.length, isOld ? 1 : 0);
      if (isOld) assert.match(told[0] ?? "", version);
    }
  });

  it("takes no work by a function that may be called in a preview", async () => {
    await using aspire = await startAspire({});
    const args = { worker: "w1", type: "scan" };
    await using plugin = await PluginServer.start({ aspire: { endpoint: aspire.endpoints[0] } });
    const { message } = await failureOf(plugin.invoke("clusterops:aspire:claimBatch", args));
    assert.match(message, /aspire\.claimBatch takes work, and not in a preview/);
    assert.match(message, version);
    assert.equal(aspire.requests.length, 0);
    await plugin.handshake();
    await plugin.invoke("clusterops:aspire:claimBatch", args);
    assert.equal(aspire.counts().mutating, 1);
  });
});
