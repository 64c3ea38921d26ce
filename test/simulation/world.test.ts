import assert from "node:assert/strict";
import { Random } from "./world/random.ts";
import { Process, Scheduler } from "./world/scheduler.ts";

describe("the scheduler of the simulation", () => {
  let scheduler: Scheduler;
  let process: Process;
  let seen: string[];
  const note = (what: string) => () => void seen.push(`${scheduler.now} ${what}`);
  const at = (ms: number, what: string) => scheduler.after(ms, process, note(what));
  const until = (ms: number) => {
    let isOver = false;
    scheduler.after(ms, undefined, () => {
      isOver = true;
    });
    return scheduler.run(() => isOver);
  };

  beforeEach(() => {
    scheduler = new Scheduler();
    process = new Process("host", new Random(1));
    seen = [];
  });

  it("carries out what is due in the order of time, and of equal times in the order of asking", async () => {
    at(20, "later");
    at(10, "first");
    at(10, "second");
    at(10, "called off")();
    await until(30);
    assert.deepEqual(seen, ["10 first", "10 second", "20 later"]);
  });

  it("lets a paused process have everything at once when it goes on", async () => {
    at(10, "one");
    at(20, "two");
    scheduler.after(15, undefined, note("another process"));
    scheduler.pause(process, 100);
    await until(200);
    assert.deepEqual(seen, ["15 another process", "100 one", "100 two"]);
  });

  it("lets a killed process do nothing any more, and tells who waits for it", async () => {
    at(10, "one");
    process.onEnd(() => void seen.push("ended"));
    process.end();
    process.end();
    await until(20);
    assert.deepEqual(seen, ["ended"]);
  });

  it("finishes all that follows from an event before the next one", async () => {
    scheduler.after(10, process, async () => {
      for (let turn = 0; turn < 50; turn++) await null;
      seen.push(`${scheduler.now} followed`);
      assert.equal(scheduler.current, process);
    });
    at(10, "next");
    await until(20);
    assert.deepEqual(seen, ["10 followed", "10 next"]);
  });

  it("says so when nothing can happen any more", async () => {
    await assert.rejects(
      scheduler.run(() => false),
      /nothing will ever happen any more/,
    );
  });
});
