import assert from "node:assert/strict";
import { getEventListeners } from "node:events";
import { abortable, firstOf } from "../../../provider/core/data/abort.ts";

describe("the first of some signals", () => {
  const listenersOf = (controllers: AbortController[]) =>
    controllers.map(({ signal }) => getEventListeners(signal, "abort").length);
  let controllers: [AbortController, AbortController];

  beforeEach(() => {
    controllers = [new AbortController(), new AbortController()];
  });
  const first = () => firstOf(controllers.map(({ signal }) => signal));

  it("aborts with the one that aborts first, and its reason, and listens to none any more", () => {
    const signal = first();
    assert.equal(signal.aborted, false);
    assert.deepEqual(listenersOf(controllers), [1, 1]);
    const why = new Error("the second");
    controllers[1].abort(why);
    controllers[0].abort(new Error("the first"));
    assert.equal(signal.reason, why);
    assert.deepEqual(listenersOf(controllers), [0, 0]);
  });

  it("has aborted where one of them has", () => {
    const why = new Error("before");
    controllers[1].abort(why);
    assert.equal(first().reason, why);
    assert.deepEqual(listenersOf(controllers), [0, 0]);
  });

  it("is told after who listens to a signal that is made of others itself", () => {
    const told: string[] = [];
    const one = first();
    const both = firstOf([one, new AbortController().signal]);
    both.addEventListener("abort", () => told.push("both"));
    one.addEventListener("abort", () => told.push("one"));
    controllers[0].abort();
    assert.deepEqual(told, ["one", "both"]);
  });
});

describe("what can be aborted", () => {
  it("is the outcome, or the signal's reason, and leaves no listener behind", async () => {
    const { signal } = new AbortController();
    assert.equal(await abortable(Promise.resolve(1), signal), 1);
    await assert.rejects(abortable(Promise.reject(new Error("its own")), signal), /its own/);
    assert.equal(getEventListeners(signal, "abort").length, 0);
    const other = new AbortController();
    const waiting = abortable(new Promise(() => {}), other.signal);
    other.abort(new Error("over"));
    await assert.rejects(waiting, /over/);
    await assert.rejects(abortable(Promise.resolve(1), other.signal), /over/);
  });
});
