import assert from "node:assert/strict";
import { InputError, Refusal } from "../../../provider/core/data/errors.ts";
import { unknown } from "../../../provider/core/data/unknown.ts";
import type { Forecast } from "../../../provider/core/lifecycle/resource.ts";
import type { Scope } from "../../../provider/core/work/scope.ts";
import { contextFor, type TestContext } from "../../support/context.ts";
import { endpoint, type Fake, fake, freshContext, inputs } from "../fake.ts";
import { nobody, serve } from "../server.ts";

describe("check", () => {
  let context: TestContext;
  beforeEach(() => {
    context = freshContext();
  });

  const looking = (look: (scope: Scope) => Promise<Forecast>, parts: Partial<Fake> = {}) =>
    fake({ ...parts, plan: look });

  it("leaves out the keys of doors, and names unknown ones", async () => {
    const { inputs: checked, failures } = await fake().check(context, undefined, {
      nodeUid: "2",
      __provider: "x",
      nodeuid: 2,
    });
    assert.deepEqual(checked.nodeUid, 2);
    assert.ok(!("__provider" in checked));
    assert.deepEqual(failures, [{ property: "nodeuid", reason: "is not an input: did you mean nodeUid?" }]);
  });

  for (const [timeout, reason] of [
    ["soon", /is not a duration/],
    ["0s", /must be positive/],
    ["-5m", /is not a duration/],
    [true, /is not a string or a number/],
  ] as const) {
    it(`refuses the timeout ${timeout}`, async () => {
      const { failures } = await fake().check(context, undefined, { ...inputs, timeout });
      assert.equal(failures[0]?.property, "timeout");
      assert.match(failures[0]?.reason ?? "", reason);
    });
  }

  it("refuses a connection that is not configured, without looking anywhere", async () => {
    let looked = false;
    const resource = looking(async () => {
      looked = true;
      return {};
    });
    const { failures } = await resource.check(context, undefined, { ...inputs, connection: "east" });
    assert.equal(failures[0]?.property, "connection");
    assert.match(failures[0]?.reason ?? "", /no connection "east" is configured/);
    assert.equal(looked, false);
  });

  it("tells what will happen, and what is surprising", async () => {
    const resource = looking(async () => ({ plan: "make node 2 a replica", warnings: ["node 1 is down"] }));
    assert.deepEqual((await resource.check(context, undefined, inputs)).failures, []);
    assert.deepEqual(
      [context.said.plans, context.said.warnings],
      [["make node 2 a replica"], ["node 1 is down"]],
    );
  });

  it("repeats what is risky in an up, which cannot know whether somebody saw a preview; not what would happen", async () => {
    const resource = looking(async () => ({
      plan: "p",
      warnings: ["w"],
      refusals: [{ property: "nodeUid", reason: "r" }],
    }));
    const running = contextFor({ plain: { endpoint } }, { preview: false });
    const { failures } = await resource.check(running, undefined, inputs);
    assert.deepEqual([running.said.plans, running.said.warnings, failures.length], [[], ["w"], 1]);
  });

  it("tells no plan of what is refused", async () => {
    const resource = looking(async () => ({
      plan: "p",
      refusals: [{ property: "nodeUid", reason: "no such node" }],
    }));
    const { failures } = await resource.check(context, undefined, inputs);
    assert.deepEqual([failures, context.said.plans], [[{ property: "nodeUid", reason: "no such node" }], []]);
  });

  for (const [what, error, property] of [
    ["a Refusal", new Refusal("nodeUid", "no such node"), "nodeUid"],
    ["an InputError", new InputError("timeout", "no such time"), "timeout"],
  ] as const) {
    it(`takes ${what} for a refusal`, async () => {
      const resource = looking(() => Promise.reject(error));
      const { failures } = await resource.check(context, undefined, inputs);
      assert.deepEqual(failures, [{ property, reason: error.message }]);
    });
  }

  it("only warns when the installation cannot be reached or is ill", async () => {
    await using ill = await serve(() => ({ status: 500, body: "ill" }));
    await using busy = await serve(() => ({ status: 429, body: "busy" }));
    for (const [url, reason] of [
      [await nobody(), /connection refused/],
      [ill.url, /500 ill/],
      [busy.url, /429 busy/],
    ] as const) {
      const unreachable = contextFor({ plain: { endpoint: url } });
      const resource = looking(async ({ http, signal }) => {
        await http.call({ method: "GET", path: "/" }, { signal, patience: "once" });
        return {};
      });
      assert.deepEqual((await resource.check(unreachable, undefined, inputs)).failures, []);
      assert.match(
        unreachable.said.warnings[0] ?? "",
        /^what would happen could not be looked up: plain node 2: GET/,
      );
      assert.match(unreachable.said.warnings[0] ?? "", reason);
    }
  });

  for (const status of [401, 403]) {
    it(`refuses a connection whose credentials are answered ${status}`, async () => {
      await using server = await serve(() => ({ status }));
      const resource = looking(async ({ http, signal }) => {
        await http.call({ method: "GET", path: "/" }, { signal });
        return {};
      });
      const { failures } = await resource.check(
        contextFor({ plain: { endpoint: server.url, username: "ops", password: "a-password" } }),
        undefined,
        inputs,
      );
      assert.equal(failures[0]?.property, "connection");
      assert.match(failures[0]?.reason ?? "", new RegExp(`${status} \\(the credentials`));
    });
  }

  it("looks nowhere when nothing has changed, or when something is not known yet", async () => {
    let looks = 0;
    const resource = looking(async () => {
      looks++;
      return {};
    });
    const { inputs: checked } = await resource.check(context, undefined, inputs);
    await resource.check(context, { ...checked, __provider: "x" }, inputs);
    await resource.check(context, checked, { nodeUid: unknown });
    await resource.check(context, undefined, { ...inputs, connection: { endpoint: unknown } });
    assert.equal(looks, 1);
    await resource.check(context, checked, { nodeUid: 3 });
    assert.equal(looks, 2);
  });

  it("hears the spec on what a schema cannot say, but not of what is not known yet", async () => {
    const resource = fake({
      validate: ({ nodeUid }) => [{ property: "nodeUid", reason: `${nodeUid} is odd` }],
    });
    assert.deepEqual((await resource.check(context, undefined, { nodeUid: 3 })).failures, [
      { property: "nodeUid", reason: "3 is odd" },
    ]);
    assert.deepEqual((await resource.check(context, undefined, { nodeUid: unknown })).failures, []);
  });
});
