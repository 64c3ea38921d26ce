import assert from "node:assert/strict";
import { flow } from "../support/flow.ts";
import { pluginIn } from "../support/plugin.ts";
import { failed, succeeded } from "../support/pulumi.ts";
import { redisHarness, redisProgram } from "../support/redis-harness.ts";

const user = "ops@example.com";
const password = "hush-4711";
const two = (options = "") =>
  redisProgram(
    `new redis.ReplicaNode("one", { nodeUid: 2${options} });`,
    `new redis.ReplicaNode("two", { nodeUid: 3${options} });`,
  );
const count = (output: string, text: string) => {
  const [, diagnostics = ""] = output.split("Diagnostics:");
  return diagnostics.split(text).length - 1;
};

flow(
  "a mistake in the configuration of a connection",
  async () => {
    const auth = { users: [{ username: user, password }] };
    // By their roles alone both nodes are replicas already: nothing is sent for them.
    const harness = await redisHarness(two(), { auth, statusShards: "none" });
    await harness.project.run(["config", "rm", "clusterops:connections"], { check: true });
    return harness;
  },
  (step) => {
    step(
      "is named where --path was forgotten, with the commands that repair it",
      0,
      async ({ project, system }) => {
        const set = [
          "config",
          "set",
          "clusterops:connections.redis.endpoints[0]",
          system.endpoints[0] as string,
        ];
        await project.run(set, { check: true });
        const { output } = failed(await project.preview(), /was set without --path/);
        assert.match(
          output,
          /pulumi config rm 'clusterops:connections\.redis\.endpoints\[0\]', then pulumi config set --path/,
        );
        await project.run(["config", "rm", "clusterops:connections.redis.endpoints[0]"], { check: true });
      },
    );

    step("is named where the namespace was forgotten", 0, async ({ project, system }) => {
      await project.run([
        "config",
        "set",
        "--path",
        "connections.redis.endpoints[0]",
        system.endpoints[0] as string,
      ]);
      failed(
        await project.preview(),
        /e2e:connections is in the namespace "e2e", and is not read: pulumi config rm 'e2e:connections'/,
      );
      await project.run(["config", "rm", "e2e:connections"], { check: true });
    });

    step("is named where a URL stands in place of a name, and is not repeated", 0, async ({ project }) => {
      await project.write("index.ts", two(`, connection: "https://ops:hush-4712@host.test:9443"`));
      const { output } = failed(
        await project.preview(),
        /connection: is a URL, .*username and password, which are kept secret/,
      );
      assert.doesNotMatch(output, /hush/);
      await project.write("index.ts", two());
    });

    step("is named where digits are lost, with what keeps them", 0, async ({ project, system }) => {
      await project.setConfig({
        "clusterops:connections.redis.endpoints[0]": system.endpoints[0] as string,
        "clusterops:connections.redis.username": "12345678901234567890",
      });
      failed(
        await project.preview(),
        /lost digits on its way: pulumi config set --path 'clusterops:connections.redis.username' --type string/,
      );
      const repair = [
        "config",
        "set",
        "--path",
        "clusterops:connections.redis.username",
        "--type",
        "string",
        "12345678901234567890",
      ];
      await project.run(repair, { check: true });
      failed(await project.preview(), /redis\.password value .* is missing: username needs password/);
    });

    step("is warned of once for all resources where a password is in clear", 0, async ({ project }) => {
      await project.setConfig({
        "clusterops:connections.redis.username": user,
        "clusterops:connections.redis.password": password,
      });
      const { output } = succeeded(await project.up());
      assert.equal(count(output, "clusterops:connections.redis.password is not secret"), 1, output);
      assert.doesNotMatch(output, /hush/);
    });

    step("is no longer warned of once it is kept secret", 0, async ({ project }) => {
      await project.setConfig({}, { "clusterops:connections.redis.password": password });
      assert.equal(count(succeeded(await project.preview()).output, "is not secret"), 0);
    });

    step("is warned of once where a variable is misspelled", 0, async ({ project }) => {
      const { output } = succeeded(await project.preview({ env: { CLUSTEROPS_REDIS_PASWORD: "hush-4713" } }));
      assert.equal(
        count(output, "CLUSTEROPS_REDIS_PASWORD is not read: did you mean CLUSTEROPS_REDIS_PASSWORD?"),
        1,
        output,
      );
      assert.doesNotMatch(output, /hush/);
    });
  },
);

flow(
  "a function that fails",
  () => redisHarness(redisProgram("export const node = redis.getNode({ nodeUid: 99 });")),
  (step) => {
    const sentence = /error: .*redis\.getNode: the cluster has no node 99; it has nodes 1, 2, 3$/m;
    for (const door of ["dynamic", "native"]) {
      step(`ends the program with a sentence, and no stack trace: ${door}`, 0, async ({ project }) => {
        await project.write("Pulumi.yaml", pluginIn());
        await project.setConfig({ "clusterops:door": door });
        const { output } = failed(await project.preview(), sentence);
        assert.doesNotMatch(output, /^\s+at /m);
      });
    }
  },
);
