import assert from "node:assert/strict";
import { configurationValues, connectionsTo } from "../../simulators/configuration.ts";
import { startAspire } from "../../simulators/index.ts";
import { flow } from "../support/flow.ts";
import { example, failed, pulumiProject, succeeded, unchanged } from "../support/pulumi.ts";

const [first, second, missing] = ["AAABcID5GBc=", "AAAB/+7eWUc=", "AAABcNotHere="];

async function open() {
  const system = await startAspire();
  const config = {
    ...configurationValues(connectionsTo({ aspire: system })),
    "seeds[0]": first as string,
    "seeds[1]": missing as string,
    "seeds[2]": second as string,
    "failedWorkers[0]": "AAABcQk+W/c=",
  };
  return { system, project: await pulumiProject({ from: example("seed-release"), config }) };
}

flow("the example seed-release", open, (step) => {
  step("releases the seeds that there are, and names the one that is not", 3, async ({ project, system }) => {
    const { output } = failed(await project.up({ preview: true }), /seed AAABcNotHere=: .*404/);
    assert.match(output, /release 3 seeds: AAABcID5GBc=, AAABcNotHere=, AAAB\/\+7eWUc=/);
    assert.match(output, /the next pulumi up leaves out what was accepted/);
    assert.deepEqual(
      system.seeds.map(({ releases }) => releases),
      [1, 0, 1, 0],
    );
    assert.equal(system.workers[0]?.releases, 0);
  });

  step("goes on with the workers once the list is right", 1, async ({ project, system }) => {
    await project.setConfig({ "seeds[1]": second as string });
    await project.run(["config", "rm", "--path", "seeds[2]"], { check: true });
    succeeded(await project.up());
    assert.equal(system.workers[0]?.releases, 1);
  });

  step("is done: a second up sends nothing", 0, async ({ project }) => {
    unchanged(await project.up());
  });
});
