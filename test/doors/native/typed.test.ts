import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { built } from "../../support/built.ts";

interface Schema {
  resources: Record<string, { inputProperties: Record<string, unknown>; required: string[] }>;
  functions: Record<string, { outputs: { required: string[]; properties: Record<string, unknown> } }>;
  types: Record<string, { enum?: { value: string }[] }>;
}

/** What a successful operation always sets: programs in Python and Go read it without asking whether it is there. */
const always: Record<string, string[]> = {
  "redis:NodeMaintenance": ["inMaintenance"],
  "redis:NodeRemoval": ["removed"],
  "redis:ReplicaNode": ["role"],
  "redis:NodeAction": ["status"],
  "redis:NodeActionIntent": ["before"],
  "redis:MaintenanceStep": ["inMaintenance"],
  "tcf:ActiveCluster": ["activeName", "activeId", "passiveName", "passiveId"],
  "tcf:ClusterRole": ["status"],
  "factfinder:DatabasePrune": ["databaseVersionBefore", "databaseVersion"],
  "factfinder:DatabasePruneIntent": ["before"],
  "factfinder:DatabaseSync": ["databaseVersion", "nodeStates"],
  "factfinder:NodeSync": ["channelStates"],
  "factfinder:ConfigVersionReset": ["response"],
  "aspire:SeedRelease": ["released"],
  "aspire:WorkerRelease": ["released"],
  "aspire:SeedThrottle": ["pausedUntil"],
  // The manager's message, which it may leave out.
  "aspire:CrawlFailure": [],
  "aspire:BatchAcknowledgement": ["acknowledged"],
};

/** The words that an input takes. */
const words: Record<string, string[]> = {
  OnTimeout: ["leave", "cancel"],
  Phase: ["enter", "leave"],
  Reload: ["never", "ifNeeded"],
  Strategy: ["demoteThenPromote", "toggle"],
  Role: ["active", "passive"],
  BatchType: ["scan", "process"],
  IdsForm: ["path", "ids", "get", "id", "objects"],
  OAuth2GrantType: ["password", "client_credentials"],
  OAuth2TokenAuth: ["body", "basic"],
};

/** What is always there in a function's result. */
const results: Record<string, string[]> = {
  "redis:getNode": ["nodeUid", "status"],
  "redis:getNodes": ["nodes"],
  "redis:getNodeAction": ["name", "nodeUid", "status"],
  "redis:getNodeActions": ["actions"],
  "redis:canMaintain": ["possible", "blockers", "warnings"],
  "tcf:getStatus": ["status"],
  "tcf:isActive": ["active"],
  "tcf:getClusters": ["clusters"],
  "tcf:canFailOver": ["possible", "blockers", "warnings"],
  "factfinder:getDatabaseState": [],
  "factfinder:getImportState": ["importCounts"],
  "factfinder:getClusterState": ["imports"],
  "aspire:claimBatch": [],
};

describe("what the native plugin's schema types", () => {
  let schema: Schema;

  before(async function () {
    await built.call(this);
    schema = JSON.parse(
      readFileSync(join(import.meta.dirname, "..", "..", "..", "plugin", "schema.json"), "utf8"),
    );
  });

  it("has a row here for each resource and function", () => {
    const names = (tokens: object) =>
      Object.keys(tokens)
        .map((token) => token.replace("clusterops:", ""))
        .sort();
    assert.deepEqual(names(schema.resources), Object.keys(always).sort());
    assert.deepEqual(names(schema.functions), Object.keys(results).sort());
  });

  for (const [type, outputs] of Object.entries(always))
    it(`requires of ${type} ${outputs.join(", ") || "no output"}`, () => {
      const { required, inputProperties } = schema.resources[
        `clusterops:${type}`
      ] as Schema["resources"][string];
      const own = required.filter((name) => !(name in inputProperties));
      assert.deepEqual(own.sort(), [...outputs].sort());
    });

  for (const [name, values] of Object.entries(words))
    it(`lists the words of ${name}`, () => {
      const listed = schema.types[`clusterops:index:${name}`]?.enum?.map(({ value }) => value);
      assert.deepEqual(listed, values);
    });

  for (const [name, keys] of Object.entries(results))
    it(`types what ${name} answers`, () => {
      const { required, properties } = (schema.functions[`clusterops:${name}`] as Schema["functions"][string])
        .outputs;
      assert.deepEqual([...required].sort(), [...keys].sort());
      const untyped = Object.entries(properties).filter(
        ([, property]) => !("type" in (property as object)) && !("$ref" in (property as object)),
      );
      assert.deepEqual(untyped, []);
    });
});
