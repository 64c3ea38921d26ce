import assert from "node:assert/strict";
import { clock } from "../../../provider/core/data/clock.ts";
import { openScope } from "../../../provider/core/work/operation.ts";
import { type Verdict, waitFor } from "../../../provider/core/work/wait.ts";
import { contextFor } from "../../support/context.ts";
import { plain } from "../client.ts";

const where = "https://host.test";
const judge = (seen: string): Verdict<string> => (seen === "done" ? { done: seen } : { pending: seen });

describe("waits that share their looks", () => {
  it("cost one look a tick, however many they are", async () => {
    let looks = 0;
    const started = performance.now();
    const look = async () => {
      looks++;
      await clock.pause(5, new AbortController().signal);
      return performance.now() - started > 900 ? "done" : "running";
    };
    const wait = { what: "it", where, look, judge, share: "list" };
    const scopes = Array.from({ length: 50 }, () => openScope(contextFor(), plain, { timeout: "1m" }));
    await Promise.all(scopes.map((scope) => waitFor(scope, wait)));
    // A crowd of waits is served every 0.3 s, whoever of them is due.
    assert.ok(looks <= 6, `${looks} looks`);
  });

  it("never take an answer to a look that left before they came", async () => {
    const answers = ["old", "done"];
    const { promise: mayAnswer, resolve: answer } = Promise.withResolvers<void>();
    let looks = 0;
    const look = async () => {
      const seen = answers[Math.min(looks++, 1)] as string;
      if (seen === "old") await mayAnswer;
      return seen;
    };
    const seen: string[] = [];
    const watch = (name: string) => ({
      what: name,
      where,
      look,
      share: "order",
      judge: (answer: string) => {
        seen.push(`${name} ${answer}`);
        return judge(answer);
      },
    });
    const first = waitFor(openScope(contextFor(), plain, { timeout: "1m" }), watch("first"));
    await new Promise((resolve) => setTimeout(resolve, 20));
    assert.equal(looks, 1);
    const second = waitFor(openScope(contextFor(), plain, { timeout: "1m" }), watch("second"));
    answer();
    await Promise.all([first, second]);
    assert.ok(!seen.includes("second old"), seen.join(", "));
  });

  it("go on when one of them is cancelled", async () => {
    const context = contextFor();
    let isDone = false;
    const look = async () => (isDone ? "done" : "running");
    const wait = { what: "it", where, look, judge, share: "cancelled" };
    const one = waitFor(openScope(context, plain, { timeout: "1m" }), wait);
    const other = waitFor(openScope(contextFor(), plain, { timeout: "1m" }), wait);
    await new Promise((resolve) => setTimeout(resolve, 20));
    context.cancel();
    await assert.rejects(one, /cancelled/);
    isDone = true;
    assert.equal(await other, "done");
  });

  it("each tell a failure of the shared look as their own", async () => {
    const look = async () => {
      throw new Error("401");
    };
    const wait = { what: "it", where, look, judge, share: "failing" };
    const scopes = [1, 2].map(() => openScope(contextFor(), plain, { timeout: "1m" }));
    const failures = await Promise.allSettled(scopes.map((scope) => waitFor(scope, wait)));
    assert.deepEqual(
      failures.map((failure) => failure.status === "rejected" && String(failure.reason)),
      ["Error: 401", "Error: 401"],
    );
  });
});
