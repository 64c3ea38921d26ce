import assert from "node:assert/strict";
import { flow } from "../support/flow.ts";
import { failed, succeeded } from "../support/pulumi.ts";
import { redisHarness, redisProgram } from "../support/redis-harness.ts";

const user = "ops@example.com";
const passwords = ["first-4711", "second-4712", "third-4713", "fourth-4714"] as const;
const auth = { users: passwords.map((password) => ({ username: user, password })) };
const key = "clusterops:connections.redis.password";

/** What the server takes from now on: only the last one. */
type Users = { username: string; password: string }[];
const rotate = (users: Users, password: string) =>
  users.splice(0, users.length, { username: user, password });

// The engine hands a refresh and a destroy the configuration of the last update, with the old password: 401, without a way out.
flow(
  "a password that was rotated in stack config",
  () =>
    redisHarness(
      redisProgram(`new redis.NodeMaintenance("node-2", { nodeUid: 2 });`),
      { auth, actionMs: 300 },
      { "clusterops:connections.redis.username": user, [key]: passwords[0] },
    ),
  (step) => {
    const clean = (output: string) => assert.doesNotMatch(output, /-471[1-4]/);

    step("is the one of the first up", 1, async ({ project }) => {
      rotate(auth.users, passwords[0]);
      succeeded(await project.up());
    });

    step("counts in a refresh at once, which says so", 0, async ({ project }) => {
      rotate(auth.users, passwords[1]);
      await project.setConfig({}, { [key]: passwords[1] });
      const { output, resources } = succeeded(await project.refresh());
      assert.deepEqual(resources, { unchanged: 2 });
      assert.match(output, /what the stack's configuration says now is used in their place/);
      clean(output);
    });

    step("counts in an up with --refresh", 0, async ({ project }) => {
      const { output } = succeeded(await project.up({ args: ["--refresh"] }));
      clean(output);
    });

    step(
      "is refused, where it is wrong now, with no other way out than to correct it",
      0,
      async ({ project }) => {
        rotate(auth.users, passwords[2]);
        const { output } = failed(await project.refresh(), /node 2.*401/);
        assert.doesNotMatch(output, /rotation|in their place/);
        clean(output);
      },
    );

    step(
      "counts in a destroy, also of a stack that is named on the command line",
      1,
      async ({ project, system }) => {
        await project.setConfig({}, { [key]: passwords[2] });
        const { output } = succeeded(await project.destroy());
        assert.equal(system.node(2).inMaintenance, false);
        clean(output);
      },
    );
  },
);

flow(
  "a password that was rotated in the program",
  () =>
    redisHarness(
      redisProgram(
        `const connection = { endpoint: process.env.ENDPOINT as string, username: "${user}", password: process.env.PASSWORD };`,
        `new redis.NodeMaintenance("node-2", { nodeUid: 2, connection });`,
      ),
      { auth, actionMs: 300 },
    ),
  (step) => {
    const env = { ENDPOINT: "", PASSWORD: passwords[2] as string };

    step("is the one of the first up", 1, async ({ project, system }) => {
      rotate(auth.users, passwords[2]);
      env.ENDPOINT = system.endpoints[0] as string;
      succeeded(await project.up({ env }));
    });

    step("is missed by a refresh, which says what to do", 0, async ({ project }) => {
      rotate(auth.users, passwords[3]);
      env.PASSWORD = passwords[3];
      const { output } = failed(await project.refresh({ env }), /401.*after a rotation, run pulumi up first/);
      assert.doesNotMatch(output, /-471[1-4]|CLUSTEROPS/);
    });

    step("counts once an up has recorded it", 1, async ({ project }) => {
      succeeded(await project.up({ env }));
      succeeded(await project.refresh({ env }));
      succeeded(await project.destroy({ env }));
    });
  },
);
