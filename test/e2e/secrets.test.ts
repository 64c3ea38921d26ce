import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { PulumiResult } from "../../scripts/pulumi-process.ts";
import { flow } from "../support/flow.ts";
import { failed, succeeded } from "../support/pulumi.ts";
import { redisHarness, redisProgram } from "../support/redis-harness.ts";

/** Every place where a credential may come from, each with a unique value that is found wherever it leaks. */
const canaries = {
  config: "hush-config-4711",
  header: "hush-header-4712",
  inline: "hush-inline-4713",
  wrong: "hush-wrong-4714",
  environment: "hush-environment-4715",
};

const users = [
  { username: "configured", password: canaries.config },
  { username: "inline", password: canaries.inline },
  { username: "environment", password: canaries.environment },
];
// As it goes over the wire.
const basic = users.map(({ username, password }) =>
  Buffer.from(`${username}:${password}`).toString("base64"),
);
const secrets = [...Object.values(canaries), ...basic];

// The program itself holds none: the inline one comes from its environment.
const inline = (username: string, password: string) =>
  `{ endpoint: process.env.ENDPOINT, username: "${username}", password: process.env.${password}, headers: { "X-Extra": process.env.HEADER } }`;
const program = (...more: string[]) =>
  redisProgram(
    `new redis.ReplicaNode("configured", { nodeUid: 3 });`,
    `new redis.NodeMaintenance("inline", { nodeUid: 2, connection: ${inline("inline", "INLINE")} });`,
    ...more,
  );

/** All files below a folder that hold one of the secrets, with the secret. */
async function leaks(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name));
  assert.ok(files.some((file) => file.includes("history")));
  const found = await Promise.all(
    files.map(async (file) => {
      const text = await readFile(file, "latin1");
      return secrets.filter((secret) => text.includes(secret)).map((secret) => `${secret} in ${file}`);
    }),
  );
  return found.flat();
}

flow(
  "credentials from stack config, the program and the environment",
  () =>
    redisHarness(
      program(),
      // By its role alone node 3 is a replica already: nothing is sent for it.
      { auth: { users }, actionMs: 300, statusShards: "none" },
      {
        "clusterops:connections.redis.username": "configured",
        "clusterops:connections.redis.password": canaries.config,
        "clusterops:connections.redis.headers.X-Extra": canaries.header,
        "clusterops:connections.other.username": "environment",
        "clusterops:connections.other.password": canaries.wrong,
      },
    ),
  (step) => {
    const outputs: string[] = [];
    const hear = (result: PulumiResult) => {
      outputs.push(result.output);
      return result;
    };
    const env = { INLINE: canaries.inline, WRONG: canaries.wrong, HEADER: canaries.header, ENDPOINT: "" };

    step("work", 1, async ({ project, system }) => {
      env.ENDPOINT = system.endpoints[0] as string;
      hear(succeeded(await project.preview({ env, args: ["--diff"] })));
      // Not with --debug: Pulumi's own SDK then prints every input of every resource.
      hear(succeeded(await project.up({ env })));
    });

    step("are refused when they are wrong, whoever gave them", 0, async ({ project }) => {
      const wrong = `new redis.ReplicaNode("wrong", { nodeUid: 3, connection: ${inline("inline", "WRONG")} });`;
      await project.write("index.ts", program(wrong));
      hear(failed(await project.up({ env }), /wrong.*401/));
      const type = `new redis.ReplicaNode("wrong", { nodeUid: 3, connection: { password: [process.env.WRONG] } as any });`;
      await project.write("index.ts", program(type));
      hear(failed(await project.preview({ env }), /connection\.password/));
      await project.write(
        "index.ts",
        program(`new redis.ReplicaNode("wrong", { nodeUid: 3, connection: "other" });`),
      );
      const endpoints = { CLUSTEROPS_OTHER_ENDPOINTS: env.ENDPOINT };
      hear(failed(await project.up({ env: { ...env, ...endpoints } }), /wrong.*401/));
      hear(
        succeeded(
          await project.up({
            env: { ...env, ...endpoints, CLUSTEROPS_OTHER_PASSWORD: canaries.environment },
          }),
        ),
      );
    });

    step(
      "are rotated without a change of any resource but the one that holds them",
      0,
      async ({ project }) => {
        await project.write("index.ts", program());
        const { resources } = hear(
          succeeded(await project.up({ env: { ...env, HEADER: canaries.wrong }, args: ["--diff"] })),
        );
        assert.deepEqual(resources, { updated: 1, deleted: 1 });
      },
    );

    step("are nowhere in clear: no output, no state, no history, no log", 0, async ({ project }) => {
      hear(await project.refresh({ env }));
      hear(await project.run(["stack", "export"]));
      const said = outputs.join("\n");
      assert.deepEqual(
        secrets.filter((secret) => said.includes(secret)),
        [],
      );
      assert.deepEqual(await leaks(project.root), []);
      // They are there, though: encrypted.
      assert.match(JSON.stringify(await project.export({ showSecrets: true })), new RegExp(canaries.inline));
    });
  },
);
