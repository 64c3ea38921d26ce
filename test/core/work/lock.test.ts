import assert from "node:assert/strict";
import { abortable } from "../../../provider/core/data/abort.ts";
import { clock } from "../../../provider/core/data/clock.ts";
import { Locks } from "../../../provider/core/work/lock.ts";

const forever = new AbortController().signal;
const locks = new Locks();

describe("a lock", () => {
  it("lets those with the same key in one after another, in order of arrival", async () => {
    const seen: string[] = [];
    const work = (name: string) =>
      locks.hold("same", forever, async () => {
        seen.push(`${name} in`);
        await clock.pause(5, forever);
        seen.push(`${name} out`);
      });
    await Promise.all([work("a"), work("b"), work("c")]);
    assert.deepEqual(seen, ["a in", "a out", "b in", "b out", "c in", "c out"]);
  });

  it("does not keep those with another key waiting", async () => {
    const { promise: held, resolve: release } = Promise.withResolvers<void>();
    const first = locks.hold("one", forever, () => held);
    assert.equal(await locks.hold("other", forever, async () => "in"), "in");
    release();
    await first;
  });

  it("is free again after a failure", async () => {
    await assert.rejects(
      locks.hold("fails", forever, async () => {
        throw new Error("no");
      }),
      /no/,
    );
    assert.equal(await locks.hold("fails", forever, async () => "in"), "in");
  });

  it("is not waited for beyond the signal, and the next in line still waits for its turn", async () => {
    const { promise: held, resolve: release } = Promise.withResolvers<void>();
    const seen: string[] = [];
    const first = locks.hold("line", forever, async () => {
      await held;
      seen.push("first");
    });
    const controller = new AbortController();
    const second = locks.hold("line", controller.signal, async () => void seen.push("second"));
    const third = locks.hold("line", forever, async () => void seen.push("third"));
    controller.abort(new Error("enough"));
    await assert.rejects(second, /enough/);
    release();
    await Promise.all([first, third]);
    assert.deepEqual(seen, ["first", "third"]);
  });
});

describe("what is abortable", () => {
  it("ends with the signal's reason at once, also when that came before", async () => {
    const never = new Promise(() => {});
    await assert.rejects(abortable(never, AbortSignal.abort(new Error("before"))), /before/);
    const controller = new AbortController();
    const waiting = abortable(never, controller.signal);
    controller.abort(new Error("now"));
    await assert.rejects(waiting, /now/);
  });

  it("keeps its own outcome otherwise", async () => {
    assert.equal(await abortable(Promise.resolve(1), forever), 1);
    await assert.rejects(abortable(Promise.reject(new Error("own")), forever), /own/);
  });
});

describe("a pause", () => {
  it("ends at once with the signal's own reason, and leaves no timer", async () => {
    const timers = () => process.getActiveResourcesInfo().filter((name) => name === "Timeout").length;
    // Mocha starts its own timer once the test has given way.
    await new Promise((resolve) => setImmediate(resolve));
    const before = timers();
    const controller = new AbortController();
    const reason = new Error("enough");
    const paused = clock.pause(3_600_000, controller.signal);
    assert.equal(timers(), before + 1);
    controller.abort(reason);
    await assert.rejects(paused, reason);
    assert.equal(timers(), before);
  });
});
