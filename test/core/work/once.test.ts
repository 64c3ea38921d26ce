import assert from "node:assert/strict";
import { type Effect, StatusError, UnreachableError } from "../../../provider/core/data/errors.ts";
import { once } from "../../../provider/core/work/once.ts";
import { openScope } from "../../../provider/core/work/operation.ts";
import { contextFor } from "../../support/context.ts";
import { plain } from "../client.ts";

const facts = { method: "POST", url: "https://host.test/", retryAfter: 0 };
const answered = (status: number, effect: Effect) =>
  new StatusError(`${status}`, { ...facts, status, effect });
const unanswered = (effect: Effect) => new UnreachableError("no answer", { ...facts, effect });

describe("what is to happen once", () => {
  const scope = openScope(contextFor(), plain, { timeout: "1m" });

  /** Plays a script of failures, then success, and counts. `landed` says at which look the effect is there. */
  async function play(failures: Error[], landed?: (string | undefined)[]) {
    let sent = 0;
    let looks = 0;
    const outcome = await once(scope, {
      send: async () => {
        const failure = failures[sent++];
        if (failure) throw failure;
        return "answer";
      },
      ...(landed && { landed: async () => landed[looks++] }),
    }).catch((error: Error) => error.message);
    return { outcome, sent, looks };
  }

  const table: [string, Error[], (string | undefined)[] | undefined, object][] = [
    ["needs no look when it is answered", [], [], { outcome: "answer", sent: 1, looks: 0 }],
    ["is not sent again after 404", [answered(404, "no")], [], { outcome: "404", sent: 1, looks: 0 }],
    ["is not sent again after 409", [answered(409, "no")], [], { outcome: "409", sent: 1, looks: 2 }],
    [
      "counts as done when it is there after 409: something on the way may have sent it twice",
      [answered(409, "no")],
      ["there"],
      { outcome: "there", sent: 1, looks: 1 },
    ],
    [
      "counts as done when it is there after 429",
      [answered(429, "no")],
      ["there"],
      { outcome: "there", sent: 1, looks: 1 },
    ],
    [
      "is sent again when it was never received",
      [unanswered("no"), unanswered("no")],
      [],
      { outcome: "answer", sent: 3, looks: 0 },
    ],
    [
      "is sent again after 429 when it is not there",
      [answered(429, "no")],
      [],
      { outcome: "answer", sent: 2, looks: 2 },
    ],
    [
      "is sent three times at most",
      Array(5).fill(answered(429, "no")),
      [],
      { outcome: "429", sent: 3, looks: 6 },
    ],
    [
      "counts as done when it is there after 500",
      [answered(500, "maybe")],
      ["there"],
      { outcome: "there", sent: 1, looks: 1 },
    ],
    [
      "is looked for twice: an effect may take a moment to show",
      [answered(500, "maybe")],
      [undefined, "there"],
      { outcome: "there", sent: 1, looks: 2 },
    ],
    [
      "is sent again after 500 when it is provably not there",
      [answered(500, "maybe")],
      [],
      { outcome: "answer", sent: 2, looks: 2 },
    ],
    [
      "counts as done when it is there after a time-out",
      [unanswered("late")],
      ["there"],
      { outcome: "there", sent: 1, looks: 1 },
    ],
    [
      "is not sent again after a time-out: it may still come",
      [unanswered("late")],
      [],
      { outcome: "no answer", sent: 1, looks: 2 },
    ],
    [
      "is not sent again after 504: the gateway may still hand it on",
      [answered(504, "late")],
      [],
      { outcome: "504", sent: 1, looks: 2 },
    ],
    [
      "is in doubt after 500 where nothing can be read back",
      [answered(500, "maybe")],
      undefined,
      { outcome: "500", sent: 1, looks: 0 },
    ],
    [
      "is sent again without a look where it was never received",
      [unanswered("no")],
      undefined,
      { outcome: "answer", sent: 2, looks: 0 },
    ],
    [
      "is sent again without a look after 429",
      [answered(429, "no")],
      undefined,
      { outcome: "answer", sent: 2, looks: 0 },
    ],
    [
      "fails with what is no request's failure",
      [new Error("a defect")],
      [],
      { outcome: "a defect", sent: 1, looks: 0 },
    ],
  ];
  for (const [what, failures, landed, expected] of table) {
    it(what, async () => assert.deepEqual(await play(failures, landed), expected));
  }

  it("is not sent again once the operation is cancelled", async () => {
    const context = contextFor();
    const cancelled = openScope(context, plain, { timeout: "1m" });
    let sent = 0;
    const work = once(cancelled, {
      send: async () => {
        sent++;
        context.cancel();
        throw unanswered("no");
      },
    });
    await assert.rejects(work, /no answer/);
    assert.equal(sent, 1);
  });
});
