import assert from "node:assert/strict";
import { Incomplete, InputError, Refusal, RunFailed } from "../../provider/core/errors.ts";
import { type Lifecycle, lifecycleOf } from "../../provider/core/lifecycle.ts";
import {
  type CommonInputs,
  type Forecast,
  type StateResource,
  stateResource,
} from "../../provider/core/resource.ts";
import type { Scope } from "../../provider/core/scope.ts";
import { unknown } from "../../provider/core/unknown.ts";
import { contextFor, type TestContext } from "../support/context.ts";
import { plain } from "./client.ts";
import { nobody, serve } from "./server.ts";

interface Inputs extends CommonInputs {
  nodeUid: number;
}
interface Outputs {
  role: string | undefined;
}
type Fake = StateResource<Inputs, Outputs, string>;

/** A resource with the inputs of ReplicaNode that does nothing, but for what a test wants of it. */
function fake(parts: Partial<Fake> = {}): Lifecycle {
  return lifecycleOf(
    stateResource<Inputs, Outputs, string>({
      system: plain,
      type: "ReplicaNode",
      timeout: "1m",
      id: ({ nodeUid }) => String(nodeUid),
      subject: ({ nodeUid }) => `plain node ${nodeUid}`,
      observe: async () => "slave",
      converge: async () => "slave",
      outputs: (role) => ({ role }),
      ...parts,
    }),
  );
}

const inputs = { nodeUid: 2 };
const endpoint = "https://host.test";
let context: TestContext;
beforeEach(() => {
  context = contextFor({ plain: { endpoint, token: "planted-token" } });
});

const failureOf = async (work: Promise<unknown>): Promise<Error> =>
  work.then(
    (value) => new Error(`succeeded: ${JSON.stringify(value)}`),
    (error: Error) => error,
  );

describe("create and update", () => {
  it("answer with the outputs and, flat beside them, the inputs; nothing is undefined", async () => {
    const resource = fake({ outputs: () => ({ role: undefined }) });
    assert.deepEqual(await resource.create(context, inputs), { id: "2", outputs: { nodeUid: 2 } });
    const made = fake();
    const { outputs } = await made.update(
      context,
      "2",
      { nodeUid: 2, role: "master" },
      { nodeUid: 2, timeout: "2m" },
    );
    assert.deepEqual(outputs, { role: "slave", nodeUid: 2, timeout: "2m" });
  });

  it("hand the recorded outputs to the spec, observe first, and never ask which of both it is", async () => {
    const seen: unknown[] = [];
    const resource = fake({
      observe: async () => "master",
      converge: async (_scope, given, observed, recorded) => {
        seen.push([given.nodeUid, observed, recorded]);
        return "slave";
      },
    });
    await resource.create(context, inputs);
    await resource.update(context, "2", { nodeUid: 2, role: "slave" }, inputs);
    assert.deepEqual(seen, [
      [2, "master", undefined],
      [2, "master", { nodeUid: 2, role: "slave" }],
    ]);
  });

  it("that fail with nothing set going record nothing", async () => {
    const cause = new Refusal("nodeUid", "no such node");
    const resource = fake({ converge: () => Promise.reject(cause) });
    const failure = await failureOf(resource.create(context, inputs));
    assert.ok(failure instanceof Refusal);
    assert.equal(failure.message, "plain node 2: no such node");
  });

  const keeping = (converge: (scope: Scope) => Promise<string>) =>
    fake({
      converge: async (scope) => {
        scope.keep({ taskId: "t1" }, { role: "changing" });
        return converge(scope);
      },
    });

  it("that fail with something set going are recorded with the handle, and not ready", async () => {
    const resource = keeping(() => Promise.reject(new Error("lost sight")));
    const failure = await failureOf(resource.create(context, inputs));
    assert.ok(failure instanceof Incomplete);
    assert.deepEqual([failure.id, failure.reasons], ["2", ["plain node 2: lost sight"]]);
    const { nodeUid, role, __unfinished } = failure.outputs;
    assert.deepEqual([nodeUid, role, __unfinished], [2, "changing", { taskId: "t1" }]);
    assert.ok(!Object.values(failure.outputs).includes(undefined));
  });

  it("that failed are resumed with what they recorded, and leave no handle when they end well", async () => {
    const failure = (await failureOf(
      keeping(() => Promise.reject(new Error("lost sight"))).create(context, inputs),
    )) as Incomplete;
    let handle: unknown;
    const resource = fake({
      converge: async (_scope, _inputs, _observed, recorded) => {
        handle = (recorded as Record<string, unknown>).__unfinished;
        return "slave";
      },
    });
    const { outputs } = await resource.update(context, "2", failure.outputs, inputs);
    assert.deepEqual(handle, { taskId: "t1" });
    assert.equal(outputs.role, "slave");
    assert.ok(!("__unfinished" in outputs));
  });

  it("that failed and took back what they kept record nothing", async () => {
    const resource = keeping(async (scope) => {
      scope.forget();
      throw new Error("refused");
    });
    assert.ok(!((await failureOf(resource.create(context, inputs))) instanceof Incomplete));
  });

  it("whose job ended badly are recorded with the reason, whether they kept a handle or not", async () => {
    const resource = fake({ converge: () => Promise.reject(new RunFailed("aborted", { role: "failed" })) });
    const failure = await failureOf(resource.create(context, inputs));
    assert.ok(failure instanceof Incomplete);
    assert.deepEqual([failure.outputs.role, failure.outputs.__unfinished], ["failed", { failed: "aborted" }]);
  });

  for (const [what, given, door, text] of [
    ["the input", { ...inputs, timeout: "120ms" }, {}, "120ms"],
    ["the door, where that is shorter", { ...inputs, timeout: "10m" }, { timeoutSeconds: 0.12 }, "0.1s"],
  ] as const) {
    it(`end with the timeout of ${what}, and say so`, async () => {
      const resource = fake({
        converge: (scope) =>
          new Promise((_resolve, reject) =>
            scope.signal.addEventListener("abort", () => reject(scope.signal.reason), { once: true }),
          ),
      });
      const limited = contextFor({ plain: { endpoint } }, door);
      const failure = await failureOf(resource.create(limited, given));
      assert.ok(
        failure.message.startsWith(`plain node 2: the timeout of ${text} ran out: `),
        failure.message,
      );
    });
  }

  it("end with the door's cancellation", async () => {
    const resource = fake({
      converge: (scope) =>
        new Promise((_resolve, reject) => {
          scope.signal.addEventListener("abort", () => reject(scope.signal.reason), { once: true });
          context.cancel();
        }),
    });
    assert.equal((await failureOf(resource.create(context, inputs))).message, "plain node 2: cancelled");
  });

  it("show no credential in outputs, handle, reasons or errors", async () => {
    const telling = fake({
      converge: async ({ http }) => `role of ${http.connection.token}`,
    });
    assert.equal((await telling.create(context, inputs)).outputs.role, "role of [redacted]");
    const failing = fake({
      converge: async (scope) => {
        const said = `it said ${scope.http.connection.token}`;
        scope.keep({ said }, { role: said });
        throw new Error(said);
      },
    });
    const failure = await failureOf(failing.create(context, inputs));
    assert.ok(failure instanceof Incomplete);
    assert.doesNotMatch(JSON.stringify([failure, failure.message]), /planted/);
    assert.deepEqual(failure.outputs.__unfinished, { said: "it said [redacted]" });
  });

  it("keep the credentials of an inline connection where they were given, and nowhere else", async () => {
    const connection = { endpoint, token: "planted-token" };
    const resource = fake({ converge: async ({ http }) => `role of ${http.connection.token}` });
    const { outputs } = await resource.create(context, { ...inputs, connection });
    assert.deepEqual(outputs, { role: "role of [redacted]", nodeUid: 2, connection });
  });
});

describe("read and delete", () => {
  it("answer with inputs and outputs as they are now", async () => {
    const resource = fake({ observe: async () => "master", drift: () => ({ nodeUid: 3 }) });
    const found = await resource.read(context, { nodeUid: 2, role: "slave", other: "kept" });
    assert.deepEqual(found, {
      inputs: { nodeUid: 3 },
      outputs: { nodeUid: 3, role: "master", other: "kept" },
    });
  });

  it("show no credential that a server repeats, and leave those of the inputs where they are", async () => {
    const resource = fake({ observe: async ({ http }) => `role of ${http.connection.token}` });
    const connection = { endpoint, token: "planted-token" };
    const found = await resource.read(context, { nodeUid: 2, connection });
    assert.deepEqual(found, {
      inputs: { nodeUid: 2, connection },
      outputs: { nodeUid: 2, connection, role: "role of [redacted]" },
    });
  });

  it("say that it is gone only when nothing is observed, or what is there is not it", async () => {
    assert.equal(await fake({ observe: async () => undefined }).read(context, inputs), undefined);
    assert.equal(await fake({ exists: () => false }).read(context, inputs), undefined);
    const failing = fake({ observe: () => Promise.reject(new Error("500")) });
    await assert.rejects(failing.read(context, inputs), /plain node 2: 500/);
  });

  it("only forget where there is nothing to undo", async () => {
    await fake().delete(context, inputs);
    const removed: unknown[] = [];
    await fake({
      remove: async (_scope, { nodeUid }, recorded) => void removed.push([nodeUid, recorded]),
    }).delete(context, { nodeUid: 2, role: "slave" });
    assert.deepEqual(removed, [[2, { nodeUid: 2, role: "slave" }]]);
    await assert.rejects(
      fake({ remove: () => Promise.reject(new Error("no")) }).delete(context, inputs),
      /^Error: plain node 2: no$/,
    );
  });
});

describe("diff", () => {
  const recorded = { nodeUid: 2, role: "slave", timeout: "1m" };
  const table: [string, object, object, object][] = [
    ["no diff if nothing changed", recorded, { nodeUid: 2, timeout: "1m" }, {}],
    ["no diff by outputs alone", { ...recorded, role: "master" }, { nodeUid: 2, timeout: "1m" }, {}],
    [
      "no diff by the order of keys",
      { ...recorded, connection: { endpoint, token: "t" } },
      { nodeUid: 2, timeout: "1m", connection: { token: "t", endpoint } },
      {},
    ],
    [
      "an update if an input changed",
      recorded,
      { nodeUid: 2, timeout: "2m" },
      { timeout: { kind: "update" } },
    ],
    ["a delete if an input was dropped", recorded, { nodeUid: 2 }, { timeout: { kind: "delete" } }],
    ["an add if an input came", { nodeUid: 2 }, { nodeUid: 2, timeout: "1m" }, { timeout: { kind: "add" } }],
    [
      "a replacement if it means another object",
      recorded,
      { nodeUid: 3, timeout: "1m" },
      { nodeUid: { kind: "update", replace: true } },
    ],
    [
      "an update if an input is not known yet",
      recorded,
      { nodeUid: 2, timeout: unknown },
      { timeout: { kind: "update" } },
    ],
    [
      "an update if a part of an input is not known yet",
      { ...recorded, connection: { endpoint } },
      { nodeUid: 2, timeout: "1m", connection: { endpoint: unknown } },
      { connection: { kind: "update" } },
    ],
    [
      "an update if it is unfinished, whatever the inputs",
      { ...recorded, __unfinished: {} },
      { nodeUid: 2, timeout: "1m" },
      { __unfinished: { kind: "update" } },
    ],
  ];
  for (const [what, before, after, expected] of table) {
    it(what, async () => {
      const resource = fake({ replaceOn: ["nodeUid"] });
      assert.deepEqual(
        await resource.diff(context, before as Record<string, unknown>, after as Record<string, unknown>),
        expected,
      );
    });
  }
});

describe("check", () => {
  const looking = (look: (scope: Scope) => Promise<Forecast>, parts: Partial<Fake> = {}) =>
    fake({ ...parts, preflight: look });

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

  it("tells nothing twice: an up has told it in its preview", async () => {
    const resource = looking(async () => ({
      plan: "p",
      warnings: ["w"],
      refusals: [{ property: "nodeUid", reason: "r" }],
    }));
    const running = contextFor({ plain: { endpoint } }, { preview: false });
    const { failures } = await resource.check(running, undefined, inputs);
    assert.deepEqual([running.said.plans, running.said.warnings, failures.length], [[], [], 1]);
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
    for (const [url, reason] of [
      [await nobody(), /connection refused/],
      [ill.url, /500 ill/],
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
        contextFor({ plain: { endpoint: server.url } }),
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
