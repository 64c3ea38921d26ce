import assert from "node:assert/strict";
import { clock } from "../../../provider/core/data/clock.ts";
import { WaitExpired } from "../../../provider/core/data/errors.ts";
import { openScope } from "../../../provider/core/work/operation.ts";
import type { LookOptions } from "../../../provider/core/work/poller.ts";
import { interval, type Verdict, waitFor } from "../../../provider/core/work/wait.ts";
import { contextFor } from "../../support/context.ts";
import { plain } from "../client.ts";

const where = "https://host.test";
const judge = (seen: string): Verdict<string> => (seen === "done" ? { done: seen } : { pending: seen });
const timers = () => process.getActiveResourcesInfo().filter((name) => name === "Timeout").length;

describe("a wait", () => {
  const open = (timeout: string, context = contextFor()) => openScope(context, plain, { timeout });

  it("ends with the first look when it is done already, and is then no wait worth recording", async () => {
    const scope = open("1m");
    assert.equal(await waitFor(scope, { what: "it", where, look: async () => "done", judge }), "done");
    assert.deepEqual(scope.waits, []);
  });

  it("looks until it is done, shows what it sees, and is recorded", async () => {
    const context = contextFor();
    const scope = open("1m", context);
    const seen = ["queued", "running", "done"];
    await waitFor(scope, {
      what: "node 2: maintenance_on",
      where,
      look: async () => seen.shift() as string,
      judge,
    });
    assert.equal(seen.length, 0);
    assert.match(context.said.progress[0] ?? "", /^node 2: maintenance_on queued, 0\.\ds$/);
    const [record] = scope.waits;
    assert.equal(record?.what, "node 2: maintenance_on");
    assert.ok((record?.to ?? 0) > (record?.from ?? 0));
  });

  it("for what has just been asked for does not look at once, and is recorded however soon it ends", async () => {
    const scope = open("1m");
    const began = performance.now();
    let first = 0;
    const look = async () => {
      first = performance.now() - began;
      return "done";
    };
    await waitFor(scope, { what: "it", where, look, judge, isFresh: true });
    assert.ok(first >= 190, `${first} ms`);
    assert.equal(scope.waits.length, 1);
  });

  it("looks sooner when the reported progress says that the end is near", async () => {
    const real = performance.now.bind(performance);
    let ahead = 0;
    performance.now = () => real() + ahead;
    try {
      const percents = [0, 99.9, 100];
      const at: number[] = [];
      const look = async () => {
        at.push(real());
        // A minute goes by in no time.
        ahead = at.length === 1 ? 0 : 60_000;
        return percents[at.length - 1] as number;
      };
      const judgePercent = (percent: number): Verdict<number> =>
        percent === 100 ? { done: percent } : { pending: `${percent} %`, percent };
      await waitFor(open("1h"), { what: "it", where, look, judge: judgePercent });
      const [, second = 0, third = 0] = at;
      assert.ok(third - second < 0.9 * interval(60_000, 0), `${third - second} ms`);
    } finally {
      performance.now = real;
    }
  });

  it("that is not done in time says what was seen, how often, for how long and where", async () => {
    let looks = 0;
    const look = async () => {
      looks++;
      return "running 40 %";
    };
    const failure = await waitFor(open("700ms"), {
      what: "node 2: maintenance_on",
      where,
      look,
      judge,
    }).catch((error: Error) => error);
    assert.ok(failure instanceof WaitExpired);
    assert.match(
      failure.message,
      /^node 2: maintenance_on: not done within the timeout of 700ms \(last seen running 40 %, \d looks, waited 0\.\ds, https:\/\/host\.test\); the next .*goes on waiting$/,
    );
    assert.match(failure.message, new RegExp(`, ${looks} looks,`));
  });

  it("that never got an answer says so, with the last failure of its looks", async () => {
    const look = async ({ signal, onTrouble }: LookOptions) => {
      onTrouble(new Error("GET https://host.test/: 503"));
      await clock.pause(60_000, signal);
      return "never";
    };
    const failure = await waitFor(open("300ms"), { what: "it", where, look, judge }).catch(
      (error: Error) => error,
    );
    assert.ok(failure instanceof WaitExpired);
    assert.match(
      failure.message,
      /\(no answer at all, waited 0\.\ds, .*\); the last request failed: GET \S+: 503; the next/,
    );
  });

  it("that has just begun when the time runs out says what the operation ran into before", async () => {
    const scope = open("300ms");
    scope.noteTrouble(new Error("promote dc-east failed: 429"));
    const look = ({ signal }: LookOptions) => clock.pause(60_000, signal).then(() => "never");
    await assert.rejects(
      waitFor(scope, { what: "it", where, look, judge }),
      /\(no answer at all, .*\); before that: promote dc-east failed: 429; the next/,
    );
  });

  it("that is not done in time names the task, as far as it is known by then", async () => {
    let task: string | undefined;
    const looking = (seen: string) => async () => {
      task = "38c7-aa";
      return seen;
    };
    const wait = { what: "node 2 maintenance_on", where, judge, task: () => task };
    await assert.rejects(waitFor(open("1s"), { ...wait, look: looking("running") }), (error: Error) => {
      assert.match(error.message, /within the timeout of 1s \(task 38c7-aa, last seen running, \d+ looks/);
      return error instanceof WaitExpired;
    });
    task = undefined;
    const never = async ({ signal }: LookOptions) => clock.pause(60_000, signal).then(() => "done");
    await assert.rejects(
      waitFor(open("1s"), { ...wait, look: never }),
      /within the timeout of 1s \(no answer at all, waited/,
    );
  });

  it("is shown at once when it begins, whatever was shown before", async () => {
    const context = contextFor();
    const scope = open("1m", context);
    for (const what of ["demote dc-west", "promote dc-east"]) {
      const seen = ["not yet", "done"];
      await waitFor(scope, { what, where, judge, look: async () => seen.shift() as string });
    }
    assert.match(
      context.said.progress.join("; "),
      /^demote dc-west not yet, 0\.\ds; promote dc-east not yet, 0\.\ds$/,
    );
  });

  it("then shows at most one message a second", async () => {
    const context = contextFor();
    const words = ["one", "two", "three", "done"];
    const look = async () => words.shift() as string;
    await waitFor(open("1m", context), { what: "it", where, judge, look });
    assert.match(context.said.progress.join("; "), /^it one, 0\.\ds$/);
  });

  it("no longer speaks of trouble that is over", async () => {
    const look = async ({ onTrouble }: LookOptions) => {
      onTrouble(new Error("503"));
      return "running";
    };
    const failure = await waitFor(open("300ms"), { what: "it", where, look, judge }).catch(
      (error: Error) => error,
    );
    assert.doesNotMatch((failure as Error).message, /503/);
  });

  it("fails at once with the failure of a look or of its judgement", async () => {
    const failing = async () => {
      throw new Error("404");
    };
    await assert.rejects(waitFor(open("1m"), { what: "it", where, look: failing, judge }), /^Error: 404$/);
    const misjudged = () => {
      throw new Error("it failed");
    };
    await assert.rejects(
      waitFor(open("1m"), { what: "it", where, look: async () => "x", judge: misjudged }),
      /^Error: it failed$/,
    );
  });

  for (const [when, look] of [
    ["between two looks", async () => "running"],
    [
      "during a look",
      async ({ signal }: LookOptions) => {
        await clock.pause(60_000, signal);
        return "never";
      },
    ],
  ] as const) {
    it(`ends at once when it is cancelled ${when}, and leaves no timer`, async () => {
      await new Promise((resolve) => setImmediate(resolve));
      const before = timers();
      const context = contextFor();
      const waiting = waitFor(open("1h", context), { what: "it", where, look, judge });
      await new Promise((resolve) => setTimeout(resolve, 30));
      assert.ok(timers() > before);
      context.cancel();
      await assert.rejects(waiting, /^Error: cancelled$/);
      // A look that was cut ends a moment later, when its own promise does.
      await new Promise((resolve) => setImmediate(resolve));
      assert.equal(timers(), before);
    });
  }
});

describe("the time between two looks", () => {
  it("grows with the time already waited, from 0.2 s to 2.5 s", () => {
    const middle = [0, 1_000, 4_000, 10_000, 30_000, 50_000, 1_800_000].map((elapsed) =>
      Math.round(interval(elapsed, 0.5)),
    );
    assert.deepEqual(middle, [200, 200, 213, 532, 1_596, 2_500, 2_500]);
  });

  it("differs by a tenth from host to host", () => {
    assert.deepEqual(
      [0, 1].map((random) => Math.round(interval(20_000, random))),
      [957, 1_170],
    );
  });

  it("costs fewer than 200 looks in 300 s", () => {
    let looks = 1;
    for (let elapsed = 0; elapsed < 300_000; looks++) elapsed += interval(elapsed, 0.5);
    assert.ok(looks < 200, `${looks} looks`);
  });
});
