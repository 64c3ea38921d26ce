import assert from "node:assert/strict";
import { UnderWay } from "../../../doors/shared/under-way.ts";

describe("calls that are under way", () => {
  it("are answered once what was said has been delivered", async () => {
    const { promise: delivered, resolve } = Promise.withResolvers<void>();
    const asked: unknown[] = [];
    const underWay = new UnderWay((call) => {
      asked.push(call);
      return delivered;
    });
    const said: unknown[] = [];
    const { apply } = underWay.tracked({ apply: (_call, done) => done(null, "done") });
    apply?.("a call", (...answer: unknown[]) => said.push(answer));
    void underWay.during(Promise.resolve("made")).then((made) => said.push(made));
    await new Promise((passed) => setImmediate(passed));
    assert.deepEqual(said, []);
    resolve();
    await underWay.ended();
    await new Promise((passed) => setImmediate(passed));
    assert.deepEqual(said, [[null, "done"], "made"]);
    assert.deepEqual(asked, ["a call", undefined]);
  });

  it("are waited for until each is answered", async () => {
    const underWay = new UnderWay();
    const answers: (() => void)[] = [];
    const { apply } = underWay.tracked({
      apply: (_call, done) => void answers.push(() => done(null, "done")),
    });
    await underWay.ended();
    const said: unknown[] = [];
    for (const call of [1, 2]) apply?.(call, (...answer: unknown[]) => said.push(answer));
    let hasEnded = false;
    const ended = underWay.ended().then(() => {
      hasEnded = true;
    });
    answers[0]?.();
    await new Promise((resolve) => setImmediate(resolve));
    assert.equal(hasEnded, false);
    answers[1]?.();
    await ended;
    assert.deepEqual(said, [
      [null, "done"],
      [null, "done"],
    ]);
  });
});
