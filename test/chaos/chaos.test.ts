import assert from "node:assert/strict";
import { directDoor } from "../rules/door.ts";
import { cliScenarios, runOnCli } from "./cli-scenarios.ts";
import { brokenBy, runAll, select, summary } from "./matrix.ts";
import { mutants, runMutant } from "./mutants.ts";
import { runScenario } from "./scenario.ts";

describe("the fault matrix (a sample of it; npm run chaos runs all)", function () {
  this.timeout(600_000);

  it("has no duplicate, nothing lost, nothing wrong and no leak", async () => {
    const outcomes = await runAll(select({ seed: 1, sample: 800 }), (scenario) =>
      runScenario(scenario, directDoor),
    );
    assert.deepEqual(
      outcomes.filter((outcome) => brokenBy(outcome)),
      [],
    );
    assert.ok((summary(outcomes).injected as number) > 300, "too few faults took place");
  });

  it("has none of these on the real CLI, either", async () => {
    const once = cliScenarios(1, "SIGINT once");
    const scenarios = [false, true].flatMap(
      (isNative) => once.find((scenario) => (scenario.isNative ?? false) === isNative) ?? [],
    );
    assert.equal(scenarios.length, 2);
    const outcomes = await runAll(scenarios, runOnCli, { parallel: 2 });
    assert.deepEqual(
      outcomes.map((outcome) => [outcome.injected, brokenBy(outcome)]),
      scenarios.map(() => [true, undefined]),
    );
  });

  for (const mutant of mutants) {
    it(`detects a provider that ${mutant.name}`, () => {
      assert.ok(runMutant(mutant) > 0, `no ${mutant.column} in: ${mutant.only}`);
    });
  }
});
