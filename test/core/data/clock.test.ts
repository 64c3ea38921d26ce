import assert from "node:assert/strict";
import { clock, type TimeSource, useClock } from "../../../provider/core/data/clock.ts";

/** A source of time in which nothing passes by itself. */
function standingClock() {
  const timers = new Map<() => void, number>();
  let time = 0;
  const source: TimeSource = {
    now: () => 1_000_000 + time,
    elapsed: () => time,
    random: () => 0.25,
    after(milliseconds, work) {
      timers.set(work, time + milliseconds);
      return () => timers.delete(work);
    },
  };
  const pass = (milliseconds: number) => {
    time += milliseconds;
    for (const [work, at] of timers) {
      if (at > time) continue;
      timers.delete(work);
      work();
    }
  };
  return { source, pass, timers };
}

describe("the clock", () => {
  const never = new AbortController().signal;

  it("is the machine's", async () => {
    const [now, elapsed] = [clock.now(), clock.elapsed()];
    await clock.pause(20, never);
    assert.ok(Math.abs(now - Date.now()) < 60_000);
    assert.ok(clock.elapsed() - elapsed >= 19);
    assert.ok(clock.random() >= 0 && clock.random() < 1);
  });

  it("runs work later, unless it is called off", async () => {
    const ran: string[] = [];
    const callOff = clock.after(5, () => ran.push("called off"));
    clock.after(5, () => ran.push("ran"));
    callOff();
    await clock.pause(30, never);
    assert.deepEqual(ran, ["ran"]);
  });

  it("aborts a signal when its time is over, in the words of AbortSignal.timeout", async () => {
    const signal = clock.timeout(1.5);
    assert.equal(signal.aborted, false);
    await clock.pause(30, never);
    assert.equal((signal.reason as Error).name, "TimeoutError");
  });

  it("takes a time that is over for now", async () => {
    await clock.pause(-5, never);
    const signal = clock.timeout(-5);
    await clock.pause(10, never);
    assert.ok(signal.aborted);
  });

  it("ends a pause with the signal's own reason", async () => {
    const aborted = AbortSignal.abort(new Error("before"));
    await assert.rejects(clock.pause(60_000, aborted), /^Error: before$/);
    const controller = new AbortController();
    const pause = clock.pause(60_000, controller.signal);
    controller.abort(new Error("cancelled"));
    await assert.rejects(pause, /^Error: cancelled$/);
  });
});

describe("another clock", () => {
  let stand: ReturnType<typeof standingClock>;
  let putBack: () => void;
  beforeEach(() => {
    stand = standingClock();
    putBack = useClock(stand.source);
  });
  afterEach(() => putBack());

  it("is read in place of the machine's, until the machine's is put back", () => {
    stand.pass(7);
    assert.deepEqual([clock.now(), clock.elapsed(), clock.random()], [1_000_007, 7, 0.25]);
    putBack();
    assert.ok(clock.now() > Date.UTC(2026, 0, 1));
  });

  it("is the only one by which a pause ends, and keeps no timer of it after an abort", async () => {
    const controller = new AbortController();
    let isOver = false;
    const over = clock.pause(3_600_000, controller.signal).then(() => {
      isOver = true;
    });
    stand.pass(3_599_999);
    await Promise.resolve();
    assert.equal(isOver, false);
    stand.pass(1);
    await over;
    const cancelled = clock.pause(3_600_000, controller.signal);
    controller.abort(new Error("cancelled"));
    await assert.rejects(cancelled, /cancelled/);
    assert.equal(stand.timers.size, 0);
  });

  it("aborts the signals of time-outs by its own time", () => {
    const signal = clock.timeout(30_000);
    stand.pass(29_999);
    assert.equal(signal.aborted, false);
    stand.pass(1);
    assert.equal((signal.reason as Error).name, "TimeoutError");
  });
});
