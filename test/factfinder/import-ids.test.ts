import assert from "node:assert/strict";
import { lifecycle } from "../../provider/index.ts";

describe("the import id of a DatabaseSync", () => {
  const { adopt } = lifecycle("factfinder:DatabaseSync");

  it("names the channel, the director and the nodes", () => {
    assert.deepEqual(adopt("de?director=ff-director&nodes=worker1,worker2"), {
      channel: "de",
      director: "ff-director",
      nodes: ["worker1", "worker2"],
      reload: "ifNeeded",
      verbose: false,
    });
  });

  it("has what separates its parts percent-encoded", () => {
    const { channel, director, nodes } = adopt("a%3Fb?director=d%26e&nodes=w%2C1,w%3D2,50%25");
    assert.deepEqual([channel, director, nodes], ["a?b", "d&e", ["w,1", "w=2", "50%"]]);
  });

  for (const id of ["", "de", "de?director=d", "de?nodes=w", "?director=d&nodes=w", "de?director=&nodes=w"]) {
    it(`is refused with what would be right: ${JSON.stringify(id)}`, () => {
      assert.throws(() => adopt(id), /write channel\?director=<connection>&nodes=<connection>,<connection>/);
    });
  }

  for (const type of ["DatabasePrune", "NodeSync", "ConfigVersionReset"])
    it(`is not one of a run: ${type}`, () => {
      assert.throws(() => lifecycle(`factfinder:${type}`).adopt("de"), /cannot be imported: declare it/);
    });
});
