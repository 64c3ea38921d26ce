import assert from "node:assert/strict";
import { hasCompanion, isCompanion, runOf, tooEarly } from "../../../doors/shared/companions.ts";

for (const token of ["pulumi-nodejs:dynamic/clusterops/redis", "clusterops:redis"]) {
  const urn = (name = "run") => `urn:pulumi:dev::shop::${token}:NodeAction::${name}`;
  const companion = `urn:pulumi:dev::shop::${token}:NodeActionIntent::run-intent`;

  describe(`the companion of a run, ${token}`, () => {
    const excluded: [urns: string[], isTooEarly: boolean][] = [
      [[], false],
      [[urn("other")], false],
      [[urn("other"), urn()], true],
      [["**::run"], true],
      [["urn:pulumi:*::shop::*::run"], false],
      [["urn:pulumi:*::shop::**::r*"], true],
      [["*run"], false],
    ];
    for (const [urns, isTooEarly] of excluded) {
      it(`looks ${isTooEarly ? "too early" : "in time"} in an up without ${urns.join(", ") || "anything"}`, () => {
        const isEarly = tooEarly({ values: () => urns });
        assert.equal(isEarly(companion), isTooEarly);
        assert.equal(isEarly(urn()), false);
      });
    }

    it("is told from others by its type and its name", () => {
      assert.equal(runOf(companion), `${token}:NodeAction::run`);
      assert.equal(runOf(urn()), undefined);
      assert.equal(runOf(urn("x-intent")), undefined);
    });
  });
}

describe("runs with a companion", () => {
  it("are those that cannot be told from an earlier one by what the system shows", () => {
    assert.deepEqual(["redis:NodeAction", "redis:NodeRemoval"].map(hasCompanion), [true, false]);
    assert.deepEqual(["redis:NodeActionIntent", "redis:NodeAction"].map(isCompanion), [true, false]);
  });
});
