import assert from "node:assert/strict";
import { throttled } from "../../../provider/core/data/progress.ts";
import type { Context } from "../../../provider/core/work/context.ts";
import { Session } from "../../../provider/core/work/installation.ts";
import { openScope } from "../../../provider/core/work/operation.ts";
import { contextFor } from "../../support/context.ts";
import { plain } from "../client.ts";

const endpoint = "https://host.test";

describe("the pool of a connection", () => {
  it("is one for the same settings in any spelling of the reference, and another for a rotated credential", () => {
    const context = contextFor({ plain: { endpoint, token: "t1" }, rotated: { endpoint, token: "t2" } });
    const session = new Session();
    const connect = ({ config, warn }: Context, reference?: string) =>
      session.connect(plain, reference, config, { warn });
    const first = connect(context);
    assert.equal(connect(context, "plain"), first);
    assert.equal(connect(contextFor({ plain: { endpoint, token: "t1" } }), "plain"), first);
    assert.notEqual(connect(context, "rotated"), first);
    assert.notEqual(connect(contextFor({ plain: { endpoint, token: "t2" } }), "plain"), first);
    assert.equal(connect(context, "rotated").installation, first.installation);
  });
});

describe("a scope", () => {
  it("finds its connection only when it is needed", () => {
    const scope = openScope(contextFor(), plain, { timeout: "1m" });
    assert.throws(() => scope.http, /no connection "plain" is configured/);
  });

  it("knows the time that is left, and whose end it was", async () => {
    const context = contextFor();
    const scope = openScope(context, plain, { timeout: 0.1 });
    assert.ok(scope.deadline.remaining() > 0 && scope.deadline.remaining() <= 100);
    assert.equal(scope.deadline.hasPassed(), false);
    await new Promise((resolve) => scope.signal.addEventListener("abort", resolve, { once: true }));
    assert.deepEqual([scope.deadline.remaining(), scope.deadline.hasPassed()], [0, true]);
    const cancelled = openScope(context, plain, { timeout: "1m" });
    context.cancel();
    assert.deepEqual([cancelled.signal.aborted, cancelled.deadline.hasPassed()], [true, false]);
  });

  it("has time of its own after the deadline, for what has to be done then", async () => {
    const context = contextFor();
    const scope = openScope(context, plain, { timeout: "1m" });
    scope.keep({ task: "t1" });
    context.cancel();
    const overtime = scope.overtime(60_000);
    assert.deepEqual([scope.signal.aborted, overtime.signal.aborted], [true, false]);
    assert.ok(overtime.deadline.remaining() > 0);
    overtime.forget();
    assert.equal(scope.kept, undefined);
  });

  it("keeps the last handle and all that is known to show", () => {
    const scope = openScope(contextFor(), plain, { timeout: "1m" });
    scope.keep({ task: "t1" }, { a: 1 });
    scope.keep({ task: "t2" }, { b: 2 });
    assert.deepEqual(scope.kept, { handle: { task: "t2" }, outputs: { a: 1, b: 2 } });
  });

  it("keeps what was kept before, where that is taken back", () => {
    const scope = openScope(contextFor(), plain, { timeout: "1m" });
    const forgetAll = scope.keep({ task: "t1" }, { a: 1 });
    const forgetSecond = scope.keep({ task: "t2" }, { a: 2, b: 2 });
    forgetSecond();
    assert.deepEqual(scope.kept, { handle: { task: "t1" }, outputs: { a: 1 } });
    forgetAll();
    assert.equal(scope.kept, undefined);
  });

  it("blanks the credentials of every connection it used out of texts at any depth", () => {
    const context = contextFor({ plain: { endpoint, token: "planted-one" } });
    const scope = openScope(context, plain, { timeout: "1m" });
    assert.equal(scope.redact("planted-one"), "planted-one", "not used yet");
    scope.connect(undefined, "connection");
    scope.connect({ endpoint, token: "planted-two" }, "director");
    const plainData = { a: ["planted-one", { b: "so planted-two" }], c: 1, d: null };
    assert.deepEqual(scope.redactData(plainData, {}), {
      a: ["[redacted]", { b: "so [redacted]" }],
      c: 1,
      d: null,
    });
  });
});

describe("progress", () => {
  it("shows at most one message in its time, and the same one never twice in a row", async () => {
    const shown: string[] = [];
    const show = throttled((message) => shown.push(message), 30);
    for (const message of ["a", "b", "a"]) show(message);
    await new Promise((resolve) => setTimeout(resolve, 40));
    for (const message of ["a", "c", "d"]) show(message);
    assert.deepEqual(shown, ["a", "c"]);
  });
});
