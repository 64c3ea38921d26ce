import assert from "node:assert/strict";
import { directDoor } from "../rules/door.ts";
import { playAll, select, summary } from "./matrix.ts";
import { playBroken, sabotages } from "./sabotage.ts";

describe("the fault matrix (a smoke of it; npm run chaos plays all)", function () {
  this.timeout(240_000);

  it("has no duplicate, nothing lost, nothing wrong and no leak", async () => {
    const verdicts = await playAll(select({ seed: 1, sample: 800 }), directDoor, { parallel: 24 });
    const { duplicates, lost, wrong, leaks } = summary(verdicts);
    const broken = verdicts.filter(
      (verdict) => verdict.duplicate || verdict.lost || verdict.wrong || verdict.leak,
    );
    assert.deepEqual(
      { duplicates, lost, wrong, leaks },
      { duplicates: 0, lost: 0, wrong: 0, leaks: 0 },
      JSON.stringify(broken, null, 2),
    );
  });

  for (const sabotage of sabotages) {
    it(`notices a provider that ${sabotage.name}`, () => {
      assert.ok(playBroken(sabotage) > 0, `no ${sabotage.shows} in: ${sabotage.only}`);
    });
  }
});
