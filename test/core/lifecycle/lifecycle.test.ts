import assert from "node:assert/strict";
import { Refusal, RunFailed } from "../../../provider/core/data/errors.ts";
import { handleOf } from "../../../provider/core/lifecycle/resource.ts";

import type { Scope } from "../../../provider/core/work/scope.ts";
import { contextFor, type TestContext } from "../../support/context.ts";
import { Incomplete } from "../../support/flat.ts";
import { endpoint, fake, freshContext, inputs } from "../fake.ts";

const failureOf = async (work: Promise<unknown>): Promise<Error> =>
  work.then(
    (value) => new Error(`succeeded: ${JSON.stringify(value)}`),
    (error: Error) => error,
  );

/** Without what is remembered. */
const visible = (outputs: Record<string, unknown>) =>
  Object.fromEntries(Object.entries(outputs).filter(([key]) => !key.startsWith("__")));

describe("create and update", () => {
  let context: TestContext;
  beforeEach(() => {
    context = freshContext();
  });

  it("answer with the outputs and, flat beside them, the inputs; nothing is undefined", async () => {
    const resource = fake({ outputs: () => ({ role: undefined }) });
    const { id, outputs: none } = await resource.create(context, inputs);
    assert.deepEqual([id, visible(none)], ["2", { nodeUid: 2 }]);
    const made = fake();
    const { outputs } = await made.update(
      context,
      "2",
      { nodeUid: 2, role: "master" },
      { nodeUid: 2, timeout: "2m" },
    );
    assert.deepEqual(visible(outputs), { role: "slave", nodeUid: 2, timeout: "2m" });
  });

  it("tell the door where another step begins, which it shows at once", async () => {
    const shown: unknown[] = [];
    context.progress = (...told) => void shown.push(told);
    const resource = fake({
      async converge(scope) {
        scope.progress("node 2 is queued", { step: true });
        scope.progress("node 3 is queued", { step: true });
        return "slave";
      },
    });
    await resource.create(context, inputs);
    assert.deepEqual(shown, [
      ["node 2 is queued", { step: true }],
      ["node 3 is queued", { step: true }],
    ]);
  });

  it("record what was set going although a server's words look like marks of ours", async () => {
    const resource = fake({
      async converge(scope) {
        scope.keep({ task: "t1" });
        throw new RunFailed("the server says \u{E000}broken\u{E001}");
      },
    });
    const error = (await failureOf(resource.create(context, inputs))) as Incomplete;
    assert.deepEqual(error.outputs.__unfinished, {
      task: "t1",
      failed: "the server says broken",
    });
  });

  it("wait no longer for an earlier request than it can take, whatever the clock of the machine that sent it", async () => {
    let late: { until: number }[] = [];
    const resource = fake({
      async converge(scope) {
        late = [...scope.late];
        return "slave";
      },
    });
    const told = { on: "node 2", does: "enslave_node", until: Date.now() + 86_400_000 };
    await resource.update(context, "2", { nodeUid: 2, __more: { late: [told] } }, { nodeUid: 2 });
    assert.equal(late.length, 1);
    assert.ok((late[0]?.until ?? 0) - Date.now() < 120_000);
  });

  it("set right, in a refresh, what a clock that was ahead has recorded: a deletion cannot", async () => {
    const resource = fake();
    const [since, until] = [Date.now() + 86_400_000, Date.now() + 86_409_000];
    const told = { on: "node 2", does: "enslave_node", since, until };
    const found = await resource.read(context, { nodeUid: 2, role: "slave", __more: { late: [told] } });
    const more = found?.outputs.__more as { late: { until: number }[] } | undefined;
    const left = (more?.late[0]?.until ?? 0) - Date.now();
    assert.ok(left > 0 && left <= 9_000, `${left}`);
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
        handle = handleOf(recorded);
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
      // An abort's own DOMException cannot be told in other words.
      assert.ok(String(failure).startsWith("ClusteropsError: plain node 2"), String(failure));
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
    assert.deepEqual(visible(outputs), { role: "role of [redacted]", nodeUid: 2, connection });
    assert.ok(!JSON.stringify(outputs.__more).includes("planted-token"));
  });
});
