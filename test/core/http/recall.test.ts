import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { hasStatus, UnreachableError } from "../../../provider/core/data/errors.ts";
import type { Http } from "../../../provider/core/http/http.ts";
import { freely } from "../../support/permit.ts";
import { failureOf, open } from "../client.ts";
import { nobody, serve } from "../server.ts";

const longAge = 30_000;

/** A read that may be answered by what was read before. */
function recall(http: Http, signal = new AbortController().signal, maxAge = longAge, path = "/nodes") {
  return http.recall({ method: "GET", path }, { signal, patience: "hasty" }, maxAge);
}

async function until(isSo: () => boolean): Promise<void> {
  const began = performance.now();
  while (!isSo()) {
    assert.ok(performance.now() - began < 5_000, `never so: ${isSo}`);
    await sleep(5);
  }
}

/** A server that answers when it is told to, and knows which requests were hung up on. */
async function held() {
  const { promise, resolve: release } = Promise.withResolvers<void>();
  let hungUp = 0;
  const server = await serve((_request, _number, response) => {
    response.once("close", () => {
      if (!response.writableEnded) hungUp++;
    });
    void promise.then(() => response.end('{"a":1}'));
    return undefined;
  });
  return { server, release, hungUp: () => hungUp };
}

describe("a recalled read", () => {
  it("is one request for all who ask at the same time, or soon after", async () => {
    await using server = await serve(() => ({ body: "[]" }));
    const http = open(server.url);
    await Promise.all([recall(http), recall(http)]);
    await recall(http);
    assert.equal(server.requests.length, 1);
    await recall(http, undefined, 0);
    assert.equal(server.requests.length, 2);
  });

  it("does not survive a change", async () => {
    await using server = await serve(() => ({ body: "[]" }));
    const http = open(server.url);
    await recall(http);
    await http.send({ mutates: true, method: "POST", path: "/" }, freely, {
      signal: new AbortController().signal,
    });
    await recall(http);
    assert.equal(server.requests.filter(({ method }) => method === "GET").length, 2);
  });

  it("goes on for the others when the one who asked first is cancelled", async () => {
    const { server, release, hungUp } = await held();
    await using _ = server;
    const http = open(server.url);
    const controller = new AbortController();
    const first = recall(http, controller.signal);
    const second = recall(http);
    await until(() => server.requests.length === 1);
    controller.abort(new Error("cancelled"));
    await assert.rejects(first, /^Error: cancelled$/);
    release();
    assert.deepEqual((await second).body, { a: 1 });
    assert.deepEqual([server.requests.length, hungUp()], [1, 0]);
  });

  it("is hung up on when nobody waits any more, and asked anew for who comes then", async () => {
    const { server, release, hungUp } = await held();
    await using _ = server;
    const http = open(server.url);
    const controllers = [new AbortController(), new AbortController()];
    const cancelled = controllers.map(({ signal }) => recall(http, signal));
    await until(() => server.requests.length === 1);
    for (const controller of controllers) controller.abort(new Error("cancelled"));
    await Promise.all(cancelled.map((read) => assert.rejects(read, /^Error: cancelled$/)));
    const third = recall(http);
    await until(() => hungUp() === 1);
    await until(() => server.requests.length === 2);
    release();
    assert.deepEqual((await third).body, { a: 1 });
  });

  it("tells all who wait of a try that failed", async () => {
    await using server = await serve((_, number) => (number === 0 ? { status: 503 } : { body: "[]" }));
    const http = open(server.url);
    const told: string[] = [];
    const read = (name: string) =>
      http.recall(
        { method: "GET", path: "/" },
        { signal: new AbortController().signal, patience: "hasty", onTrouble: () => void told.push(name) },
        longAge,
      );
    await Promise.all([read("one"), read("other")]);
    assert.deepEqual(told, ["one", "other"]);
  });

  it("keeps a 404, which is an answer, and asks again after any other refusal", async () => {
    for (const [status, requests] of [
      [404, 1],
      [403, 2],
      [401, 2],
    ] as const) {
      await using server = await serve(() => ({ status }));
      const http = open(server.url);
      for (let reads = 0; reads < 2; reads++) assert.ok(hasStatus(await failureOf(recall(http)), status));
      assert.equal(server.requests.length, requests);
    }
  });

  it("keeps that nobody answers for as long as an answer would be kept", async () => {
    const http = open(await nobody());
    const failures = [await failureOf(recall(http)), await failureOf(recall(http))];
    assert.ok(failures[0] instanceof UnreachableError);
    assert.equal(failures[0], failures[1]);
    const again = await failureOf(recall(http, undefined, 0));
    assert.notEqual(again, failures[0]);
  });
});
