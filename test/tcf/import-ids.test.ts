import assert from "node:assert/strict";
import { clustersIn, sideIn } from "../../provider/tcf/import-ids.ts";

describe("the import id of an ActiveCluster", () => {
  const good: [id: string, clusters: Record<string, string>][] = [
    ["cluster1+cluster2", { cluster1: "cluster1", cluster2: "cluster2" }],
    ["cluster1=tcf-east+cluster2=tcf-west", { cluster1: "tcf-east", cluster2: "tcf-west" }],
    ["a%2Bb=c%3Dd+e%2Ff", { "a+b": "c=d", "e/f": "e/f" }],
  ];
  for (const [id, clusters] of good) {
    it(`says both clusters and their connections: ${id}`, () => {
      assert.deepEqual(clustersIn(id), clusters);
    });
  }

  for (const id of ["", "cluster1", "cluster1+cluster1", "a+b+c", "a=b=c+d", "=x+y", "a+", "%+b"]) {
    it(`is refused with what it has to look like: ${JSON.stringify(id)}`, () => {
      assert.throws(() => clustersIn(id), /write cluster1\+cluster2|percent-encoded/);
    });
  }
});

describe("the import id of a ClusterRole", () => {
  it("says the connection, and the cluster where that is needed", () => {
    assert.deepEqual(sideIn("tcf-east"), { connection: "tcf-east" });
    assert.deepEqual(sideIn("tcf-east/cluster%2F1"), { connection: "tcf-east", cluster: "cluster/1" });
  });

  for (const id of ["", "/cluster1", "tcf-east/", "a/b/c"]) {
    it(`is refused with what it has to look like: ${JSON.stringify(id)}`, () => {
      assert.throws(() => sideIn(id), /write <connection>/);
    });
  }
});
