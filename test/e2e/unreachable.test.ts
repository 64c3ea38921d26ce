import assert from "node:assert/strict";
import { flow } from "../support/flow.ts";
import { failed, recorded, succeeded } from "../support/pulumi.ts";
import { redisHarness, redisProgram } from "../support/redis-harness.ts";

const node = (inputs: string) =>
  redisProgram(`new redis.NodeMaintenance("node", { nodeUid: 2, ${inputs} });`);
const stackTrace = /\n +at |node_modules|node:internal/;

flow(
  "an endpoint that nobody listens on",
  () => redisHarness(node(`timeout: "3s", connection: { endpoint: "http://127.0.0.1:1" }`)),
  (step) => {
    step("is a warning in a preview", 0, async ({ project }) => {
      const { output } = succeeded(await project.preview());
      assert.match(
        output,
        /warning: .*redis node 2: GET http:\/\/127\.0\.0\.1:1\/v\S+: connection refused \(\d tries in/,
      );
    });

    step("is an error in an up, named with the time spent; nothing is recorded", 0, async ({ project }) => {
      const { output } = failed(
        await project.up(),
        /redis node 2: the timeout of 3s ran out: GET http:\/\/127\.0\.0\.1:1\/v\S+: connection refused/,
      );
      assert.doesNotMatch(output, stackTrace);
      assert.equal(await recorded(project, "node"), undefined);
    });
  },
);

flow(
  "a cluster that breaks off every connection",
  () => redisHarness(node(`timeout: "2s"`), { actionMs: 300 }),
  (step) => {
    step("had its node taken into maintenance before", 1, async ({ project }) => {
      succeeded(await project.up());
    });

    for (const operation of ["refresh", "destroy"] as const) {
      step(`fails a ${operation}, said once; what is recorded stays`, 0, async ({ project, system }) => {
        system.fault({ kind: "reset", times: Number.POSITIVE_INFINITY });
        const why = /redis node 2.* the timeout of 2s .*GET http:\S+: .*/;
        const { output } = failed(await project[operation](), why);
        const [, diagnostics = ""] = output.split("Diagnostics:");
        assert.equal(diagnostics.split("the timeout of 2s").length, 2, output);
        assert.doesNotMatch(output, stackTrace);
        assert.equal((await recorded(project, "node"))?.outputs.inMaintenance, true);
      });
    }

    step("has its node taken out once it is back", 1, async ({ project, system }) => {
      system.clearFaults();
      succeeded(await project.destroy());
      assert.equal(system.node(2).inMaintenance, false);
    });
  },
);

flow(
  "a cluster that takes requests and never answers",
  () =>
    redisHarness(
      redisProgram(
        "for (const nodeUid of [1, 2, 3, 4]) new redis.NodeMaintenance('node-' + nodeUid, { nodeUid });",
      ),
      { nodes: 4 },
    ),
  (step) => {
    step(
      "is one warning in a preview of many resources, and costs its time once",
      0,
      async ({ project, system }) => {
        system.fault({ kind: "hang", times: Number.POSITIVE_INFINITY });
        const { output } = succeeded(await project.preview());
        const [, diagnostics = ""] = output.split("Diagnostics:");
        const said = diagnostics.match(/warning: .*no answer within \d+s/g) ?? [];
        assert.equal(said.length, 1, output);
        assert.match(said[0] ?? "", /http:\/\/127\.0\.0\.1:\d+\S*: no answer within 15s/);
        assert.doesNotMatch(output, /aborted|ran out/);
        // Each of the first resource's lists once, and nothing for the others.
        assert.equal(new Set(system.requests.map(({ path }) => path)).size, system.requests.length);
      },
    );
  },
);
