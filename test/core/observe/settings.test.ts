import assert from "node:assert/strict";
import { InputError } from "../../../provider/core/data/errors.ts";
import { observeSettings } from "../../../provider/core/observe/settings.ts";
import { lifecycle } from "../../../provider/index.ts";
import { observedContext } from "./harness.ts";

const configOf = (all: Record<string, string>) =>
  Object.assign((key: string) => all[key], { keys: () => Object.keys(all) });

describe("what is told, and to whom,", () => {
  it("is nothing and nobody, unless somebody says so", () => {
    assert.deepEqual(observeSettings(configOf({}), {}), { events: undefined, traceparent: false });
  });

  const rows: [
    what: string,
    config: Record<string, string>,
    env: Record<string, string>,
    expected: object,
  ][] = [
    ["a file", { "clusterops:events": "/var/log/events.jsonl" }, {}, { file: "/var/log/events.jsonl" }],
    [
      "in configuration, where a pipeline has left the variable empty",
      { "clusterops:events": "/a" },
      { CLUSTEROPS_EVENTS: "" },
      { file: "/a" },
    ],
    ["a URL", { "clusterops:events": "https://chat.test/hook" }, {}, { url: "https://chat.test/hook" }],
    [
      "http on this machine",
      { "clusterops:events": "http://127.0.0.1:9/x" },
      {},
      { url: "http://127.0.0.1:9/x" },
    ],
    [
      "the environment, which wins",
      { "clusterops:events": "/a" },
      { CLUSTEROPS_EVENTS: "/b" },
      { file: "/b" },
    ],
  ];
  for (const [what, config, env, expected] of rows)
    it(`may be ${what}`, () => assert.deepEqual(observeSettings(configOf(config), env).events, expected));

  const refused: [
    what: string,
    config: Record<string, string>,
    env: Record<string, string>,
    property: string,
    why: RegExp,
  ][] = [
    ["a relative path", { "clusterops:events": "events.jsonl" }, {}, "clusterops:events", /absolute path/],
    [
      "http over the network",
      { "clusterops:events": "http://chat.test/x" },
      {},
      "clusterops:events",
      /in clear/,
    ],
    ["another scheme", { "clusterops:events": "ftp://chat.test/x" }, {}, "clusterops:events", /scheme ftp/],
    [
      "a password in the URL",
      {},
      { CLUSTEROPS_EVENTS: "https://u:planted@chat.test" },
      "CLUSTEROPS_EVENTS",
      /user name/,
    ],
    [
      "a misspelled key",
      { "clusterops:event": "/a" },
      {},
      "clusterops:event",
      /did you mean clusterops:events\?/,
    ],
    [
      "a misspelled variable",
      {},
      { CLUSTEROPS_EVENT: "/a" },
      "CLUSTEROPS_EVENT",
      /did you mean CLUSTEROPS_EVENTS\?/,
    ],
    [
      "neither true nor false",
      { "clusterops:traceparent": "yes" },
      {},
      "clusterops:traceparent",
      /true or false/,
    ],
  ];
  for (const [what, config, env, property, why] of refused)
    it(`is refused where it is ${what}, without its value`, () =>
      assert.throws(
        () => observeSettings(configOf(config), env),
        (error: InputError) => {
          assert.ok(error instanceof InputError);
          assert.equal(error.property, property);
          assert.match(error.message, why);
          assert.doesNotMatch(error.message, /planted|chat\.test/);
          return true;
        },
      ));

  it("is refused by a preview under its own path, and by nothing that only looks", async () => {
    const { check, plan, read } = lifecycle("redis:NodeMaintenance");
    const context = observedContext(
      { redis: { endpoint: "http://127.0.0.1:1" } },
      { "clusterops:events": "relative" },
    );
    const { inputs } = check({ nodeUid: 2 });
    const [failure] = await plan(context, undefined, inputs);
    assert.equal(failure?.property, "clusterops:events");
    const recorded = { outputs: { ...inputs, inMaintenance: true, timeout: "1s" } };
    await assert.rejects(read(context, recorded), /connection refused/);
    assert.match(
      context.said.warnings.join(),
      /clusterops:events: is neither .*; nobody is told of what is done/,
    );
  });
});
