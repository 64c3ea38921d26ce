import assert from "node:assert/strict";
import { misspelled } from "../../../provider/core/connection/environment.ts";

describe("a variable whose connection is nearly one that there is", () => {
  const variables: [name: string, variable: string, known: string[], count: number][] = [
    ["redis", "CLUSTEROPS_RDIS_ENDPOINT", [], 1],
    ["redis", "CLUSTEROPS_REEDIS_PASSWORD", [], 1],
    ["redis", "CLUSTEROPS_RDIS_ENDPOINT", ["rdis"], 0],
    ["redis", "CLUSTEROPS_REDIS_PASWORD", ["redis"], 1],
    ["dc-east", "CLUSTEROPS_DC_EAST_PASWORD", ["dc", "dc-east"], 1],
    ["dc", "CLUSTEROPS_DC_EAST_PASWORD", ["dc", "dc-east"], 0],
    ["redis", "CLUSTEROPS_REDISA_ENDPOINT", [], 0],
    ["node1", "CLUSTEROPS_NODE12_ENDPOINT", [], 0],
    ["tcf", "CLUSTEROPS_TCAF_ENDPOINT", [], 0],
  ];
  for (const [name, variable, known, count] of variables)
    it(`warns ${count} times of ${variable} beside ${[name, ...known].join(", ")}`, () =>
      assert.equal(misspelled(name, { [variable]: "x" }, known).length, count));

  it("is told with the one that is read", () =>
    assert.deepEqual(misspelled("redis", { CLUSTEROPS_RDIS_ENDPOINT: "x" }), [
      "the environment variable CLUSTEROPS_RDIS_ENDPOINT is not read: did you mean CLUSTEROPS_REDIS_ENDPOINT?",
    ]));
});
