import assert from "node:assert/strict";
import { clock } from "../../../provider/core/data/clock.ts";
import {
  type Effect,
  StatusError,
  TokenError,
  UnreachableError,
} from "../../../provider/core/data/errors.ts";
import { deciding } from "../../../provider/core/work/deciding.ts";
import type { Evidence } from "../../../provider/core/work/evidence.ts";
import { once, type Request } from "../../../provider/core/work/once.ts";
import { openScope } from "../../../provider/core/work/operation.ts";
import type { Scope } from "../../../provider/core/work/scope.ts";
import { contextFor } from "../../support/context.ts";
import { inVirtualTime } from "../../support/virtual-clock.ts";
import { plain } from "../client.ts";

const facts = { method: "POST", url: "https://host.test/", retryAfter: 0 };
const answered = (status: number, effect: Effect) =>
  new StatusError(`${status}`, { ...facts, status, effect });
const unanswered = (effect: Effect) => new UnreachableError("no answer", { ...facts, effect });

const there: Evidence<string> = { landed: "there" };
const absent: Evidence<string> = { absent: true };
const open: Evidence<string> = { open: "the list cannot be read" };

/** What comes in place of an answer, one after the other, and then an answer; and what each look shows, the last one for good. */
interface Script {
  failures: Error[];
  looks?: Evidence<string>[];
  repeat?: Request<string>["repeat"];
  timeout?: string;
}

interface Play {
  outcome: string;
  sent: number;
  looks: number;
  /** Seconds from the first to the last request. */
  seconds: number;
  isKept: boolean;
  /** Requests that may yet take effect. */
  late: number;
}

const context = () => contextFor({ plain: { endpoint: "https://host.test", requestTimeout: "30s" } });

/** Plays a script as an operation does: deciding anew whenever it may be sent again. */
function play({ failures, looks, repeat = "never", timeout = "5m" }: Script): Promise<Play> {
  return inVirtualTime(async () => {
    const scope = openScope(context(), plain, { timeout });
    const sentAt: number[] = [];
    let looked = 0;
    const request = ({ http: way }: Scope): Request<string> => ({
      what: "prune",
      target: { ways: [way], on: "de", does: "prune" },
      repeat,
      mayLandWithin: 10_000,
      keeps: { handle: { task: "t" } },
      send: async () => {
        sentAt.push(clock.elapsed());
        const failure = failures[sentAt.length - 1];
        if (failure) throw failure;
        return "answer";
      },
      ...(looks && { readBack: async () => looks[Math.min(looked++, looks.length - 1)] ?? absent }),
    });
    const outcome = await deciding(scope, (decision) => once(decision, request(decision))).catch(
      (error: Error) => (scope.deadline.hasPassed() ? "timeout" : error.message),
    );
    const seconds = ((sentAt.at(-1) ?? 0) - (sentAt[0] ?? 0)) / 1_000;
    scope.end();
    return {
      outcome,
      sent: sentAt.length,
      looks: looked,
      seconds,
      isKept: scope.kept !== undefined,
      late: scope.late.length,
    };
  });
}

describe("what is to happen once", () => {
  it("is looked for ever less often while each request fails: as often as one wait would look", async () => {
    const failures = Array(60).fill(answered(503, "maybe"));
    const { sent, looks } = await play({ failures, looks: [absent], repeat: "harmless", timeout: "5m" });
    assert.ok(sent > 10, `${sent} sent`);
    assert.ok(looks <= 200, `${looks} looks in five minutes`);
  });

  type Expected = Partial<Omit<Play, "seconds">> & { seconds?: (seconds: number) => boolean };
  const table: [string, Script, Expected][] = [
    [
      "may yet land once more when two answers were lost, and one effect is seen: it may be the first one's",
      {
        failures: [unanswered("maybe"), unanswered("maybe")],
        looks: [...Array(5).fill(absent), there],
        repeat: "harmless",
      },
      { outcome: "there", sent: 2, late: 2 },
    ],
    [
      "is not to be expected any more when its own effect is seen, and no other one may come",
      { failures: [unanswered("maybe")], looks: [there], repeat: "harmless" },
      { outcome: "there", sent: 1, late: 0 },
    ],
    [
      "needs no look when it is answered",
      { failures: [], looks: [] },
      { outcome: "answer", sent: 1, looks: 0 },
    ],
    [
      "is refused for good by 404, and then nothing is kept",
      { failures: [answered(404, "no")], looks: [] },
      { outcome: "404", sent: 1, looks: 0, isKept: false },
    ],
    [
      "counts as done when it is there after 409: something on the way may have sent it twice",
      { failures: [answered(409, "no")], looks: [there] },
      { outcome: "there", sent: 1 },
    ],
    [
      "is the caller's to join after 409 when it is not there",
      { failures: [answered(409, "no")], looks: [absent] },
      { outcome: "409", sent: 1, isKept: false },
    ],
    [
      "counts as done when it is there after 429",
      { failures: [answered(429, "no")], looks: [there] },
      { outcome: "there", sent: 1, isKept: true },
    ],
    [
      "is sent again when it was never received, for as long as there is time",
      { failures: Array(40).fill(unanswered("no")), looks: [absent] },
      { outcome: "answer", sent: 41, looks: 0, seconds: (seconds) => seconds > 9 },
    ],
    [
      "is sent again when no token could be had",
      {
        failures: [new TokenError("no token", { ...facts, effect: "no" }, { cause: unanswered("no") })],
        looks: [absent],
      },
      { outcome: "answer", sent: 2 },
    ],
    [
      "is sent again after 429 when it is not there",
      { failures: [answered(429, "no")], looks: [absent] },
      { outcome: "answer", sent: 2, isKept: true },
    ],
    [
      "runs out of time where it is turned away for ever, and nothing is kept",
      { failures: Array(500).fill(answered(429, "no")), looks: [absent] },
      { outcome: "timeout", isKept: false },
    ],
    [
      "stays on record where it is turned away, and no look comes that could tell",
      { failures: [answered(429, "no")], looks: [open] },
      { outcome: "timeout", sent: 1, isKept: true },
    ],
    [
      "stays on record where it is turned away, and only the first look could tell, which came too early",
      { failures: [answered(429, "no")], looks: [absent, open] },
      { outcome: "timeout", sent: 1, isKept: true },
    ],
    [
      "counts as done when it is there after 500",
      { failures: [answered(500, "maybe")], looks: [there] },
      { outcome: "there", sent: 1, isKept: true },
    ],
    [
      "counts as done when it comes late, and was not sent again meanwhile",
      { failures: [answered(502, "maybe")], looks: [...Array(15).fill(absent), there] },
      { outcome: "there", sent: 1 },
    ],
    [
      "is sent again once it is provably not there and can no longer come",
      { failures: [answered(500, "maybe")], looks: [absent] },
      { outcome: "answer", sent: 2, seconds: (seconds) => seconds >= 10 && seconds < 15 },
    ],
    [
      "is not sent again within the time for a request after a time-out",
      { failures: [unanswered("late")], looks: [absent] },
      { outcome: "answer", sent: 2, seconds: (seconds) => seconds >= 40 && seconds < 45 },
    ],
    [
      "is not sent again while it is open whether it was carried out",
      { failures: [answered(500, "maybe")], looks: [open] },
      { outcome: "timeout", sent: 1, isKept: true },
    ],
    [
      "is sent again at once where a second one does no harm",
      { failures: [answered(503, "maybe")], looks: [absent], repeat: "harmless" },
      { outcome: "answer", sent: 2, seconds: (seconds) => seconds < 3 },
    ],
    [
      "is sent again for as long as there is time where a second one does no harm",
      { failures: Array(30).fill(answered(503, "maybe")), looks: [absent], repeat: "harmless" },
      { outcome: "answer", sent: 31, seconds: (seconds) => seconds > 30 },
    ],
    [
      "is in doubt after 500 where nothing can be read back and a second one would count",
      { failures: [answered(500, "maybe")] },
      { outcome: "500", sent: 1, isKept: true },
    ],
    [
      "is sent again without a look where a second one does no harm",
      { failures: [answered(500, "maybe"), unanswered("late")], repeat: "harmless" },
      { outcome: "answer", sent: 3 },
    ],
    [
      "is sent again without a look where it was never received",
      { failures: [unanswered("no"), answered(429, "no")] },
      { outcome: "answer", sent: 3 },
    ],
    [
      "fails with what is no request's failure",
      { failures: [new Error("a defect")], looks: [] },
      { outcome: "a defect", sent: 1, looks: 0 },
    ],
  ];
  for (const [what, script, { seconds, ...expected }] of table) {
    it(what, async () => {
      const played = await play(script);
      assert.deepEqual({ ...played, ...expected }, played);
      assert.ok(seconds?.(played.seconds) ?? true, `${played.seconds} s`);
    });
  }
});
