import assert from "node:assert/strict";
import { directDoor } from "../rules/door.ts";
import { cliTrials, judgeOnCli } from "./cli-rows.ts";
import { brokenBy, playAll, select, summary } from "./matrix.ts";
import { playBroken, sabotages } from "./sabotage.ts";
import { judge } from "./trial.ts";

describe("the fault matrix (a smoke of it; npm run chaos plays all)", function () {
  this.timeout(240_000);

  it("has no duplicate, nothing lost, nothing wrong and no leak", async () => {
    const verdicts = await playAll(select({ seed: 1, sample: 800 }), (trial) => judge(trial, directDoor));
    assert.deepEqual(
      verdicts.filter((verdict) => brokenBy(verdict)),
      [],
    );
    assert.ok((summary(verdicts).struck as number) > 300, "hardly any of it has struck");
  });

  it("has none of these on the real CLI, either", async () => {
    const trials = cliTrials(1, "SIGINT once").slice(0, 2);
    assert.equal(trials.length, 2);
    const verdicts = await playAll(trials, judgeOnCli, { parallel: 2 });
    assert.deepEqual(
      verdicts.map((verdict) => [verdict.struck, brokenBy(verdict)]),
      trials.map(() => [true, undefined]),
    );
  });

  for (const sabotage of sabotages) {
    it(`notices a provider that ${sabotage.name}`, () => {
      assert.ok(playBroken(sabotage) > 0, `no ${sabotage.shows} in: ${sabotage.only}`);
    });
  }
});
