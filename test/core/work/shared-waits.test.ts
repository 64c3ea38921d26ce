import assert from "node:assert/strict";
import type { Connection } from "../../../provider/core/connection/settings.ts";
import { clock } from "../../../provider/core/data/clock.ts";
import { StatusError, UnreachableError } from "../../../provider/core/data/errors.ts";
import { Session } from "../../../provider/core/work/installation.ts";
import { openScope } from "../../../provider/core/work/operation.ts";
import { type Verdict, waitFor } from "../../../provider/core/work/wait.ts";
import { contextFor } from "../../support/context.ts";
import { plain } from "../client.ts";

const where = "https://host.test";
/** One process. */
const session = new Session();
const sharing = () => ({ ...contextFor(), session });
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
    const scopes = Array.from({ length: 50 }, () => openScope(sharing(), plain, { timeout: "1m" }));
    await Promise.all(scopes.map((scope) => waitFor(scope, wait)));
    // A crowd of waits is served every 0.4 s, whoever of them is due.
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
    const first = waitFor(openScope(sharing(), plain, { timeout: "1m" }), watch("first"));
    await new Promise((resolve) => setTimeout(resolve, 20));
    assert.equal(looks, 1);
    const second = waitFor(openScope(sharing(), plain, { timeout: "1m" }), watch("second"));
    answer();
    await Promise.all([first, second]);
    assert.ok(!seen.includes("second old"), seen.join(", "));
  });

  it("go on when one of them is cancelled", async () => {
    const context = sharing();
    let isDone = false;
    const look = async () => (isDone ? "done" : "running");
    const wait = { what: "it", where, look, judge, share: "cancelled" };
    const one = waitFor(openScope(context, plain, { timeout: "1m" }), wait);
    const other = waitFor(openScope(sharing(), plain, { timeout: "1m" }), wait);
    await new Promise((resolve) => setTimeout(resolve, 20));
    context.cancel();
    await assert.rejects(one, /cancelled/);
    isDone = true;
    assert.equal(await other, "done");
  });

  const open = (context = sharing()) => openScope(context, plain, { timeout: "1m" });
  const failing = new StatusError("GET /: 401", { method: "GET", url: "/", effect: "no", status: 401 });
  const messages = (results: PromiseSettledResult<unknown>[]) =>
    results.map((result) => (result.status === "rejected" ? String(result.reason.message) : result.value));

  it("each tell what the server has said of the shared look as their own", async () => {
    let looks = 0;
    const look = async () => {
      looks++;
      throw failing;
    };
    const wait = { what: "it", where, look, judge, share: "failing" };
    const failures = await Promise.allSettled([1, 2, 3].map(() => waitFor(open(), wait)));
    assert.deepEqual(messages(failures), ["GET /: 401", "GET /: 401", "GET /: 401"]);
    assert.equal(looks, 1);
  });

  it("look for themselves where another one's look has failed for a reason of its own", async () => {
    const wait = (look: () => Promise<string>) => ({ what: "it", where, look, judge, share: "own" });
    const results = await Promise.allSettled([
      waitFor(
        open(),
        wait(async () => {
          throw new Error("a slip");
        }),
      ),
      waitFor(
        open(),
        wait(async () => "done"),
      ),
      waitFor(
        open(),
        wait(async () => "done"),
      ),
    ]);
    assert.deepEqual(messages(results), ["a slip", "done", "done"]);
  });

  it("look for themselves where the one who looked is cancelled, whatever its look then fails with", async () => {
    const context = sharing();
    const leaving = open(context);
    const asked = Promise.withResolvers<void>();
    const look = async () => {
      asked.resolve();
      // Bound to the one who looks, not to the look.
      await clock.pause(60_000, leaving.signal).catch(() => undefined);
      throw new UnreachableError("GET /: cut off", { method: "GET", url: "/", effect: "no" });
    };
    const wait = { what: "it", where, judge, share: "leaving" };
    const one = waitFor(leaving, { ...wait, look });
    const other = waitFor(open(), { ...wait, look: async () => "done" });
    await asked.promise;
    context.cancel();
    assert.deepEqual(messages(await Promise.allSettled([one, other])), ["cancelled", "done"]);
  });

  it("share nothing with the waits of another session", async () => {
    const wait = (seen: string) => ({
      what: "it",
      where,
      look: async () => seen,
      judge,
      share: "way 0 list",
    });
    const elsewhere = { ...contextFor(), session: new Session() };
    const context = sharing();
    const waiting = waitFor(open(context), wait("running"));
    assert.equal(await waitFor(open(elsewhere), wait("done")), "done");
    await clock.pause(300, new AbortController().signal);
    context.cancel();
    await assert.rejects(waiting, /cancelled/);
  });
});

describe("two connections to the same endpoints", () => {
  const connect = (connections: Record<string, Connection>, name: string) =>
    session.connect(
      plain,
      name,
      (key) => (key === "clusterops:connections" ? JSON.stringify(connections) : undefined),
      {
        warn: () => {},
      },
    );
  const endpoints = ["https://host.test"];

  it("share looks where their credentials and settings are the same", () => {
    const same = { endpoints, token: "planted-token" };
    const ways = { one: same, two: same, three: { ...same, token: "planted-other" } };
    const [one, two, three] = ["one", "two", "three"].map((name) => connect(ways, name).id);
    assert.equal(one, two);
    assert.notEqual(one, three);
  });

  for (const [what, settings] of [
    ["endpoints", { endpoints: [...endpoints, "https://other.test"] }],
    ["user", { username: "ops", password: "planted-password" }],
    ["password", { username: "ops", password: "planted-other" }],
    ["headers", { headers: { "x-key": "planted-header" } }],
    [
      "OAuth 2 client",
      { oauth2: { tokenUrl: "https://idp.test", clientId: "ops", clientSecret: "planted" } },
    ],
    ["proxy", { proxy: "http://proxy.test:3128" }],
  ] as const) {
    it(`share none where their ${what} differ`, () => {
      const ways = { one: { endpoints }, two: { endpoints, ...settings } as Connection };
      assert.notEqual(connect(ways, "one").id, connect(ways, "two").id);
    });
  }
});
