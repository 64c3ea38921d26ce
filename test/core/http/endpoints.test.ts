import assert from "node:assert/strict";
import { StatusError, UnreachableError } from "../../../provider/core/data/errors.ts";
import { recalling } from "../../../provider/core/http/http.ts";
import { freely } from "../../support/permit.ts";
import { failureOf, get, open } from "../client.ts";
import { nobody, serve } from "../server.ts";

const once = { patience: "once" } as const;

describe("several endpoints", () => {
  it("are tried in turn, and the one that worked is asked first the next time", async () => {
    await using first = await serve(() => ({ status: 503 }));
    await using second = await serve(() => ({ body: "second" }));
    const http = open([await nobody(), first.url, second.url]);
    for (let count = 0; count < 3; count++) assert.equal((await get(http, "/", once)).body, "second");
    assert.deepEqual([first.requests.length, second.requests.length], [1, 3]);
  });

  it("are all tried again when the one that worked stops working", async () => {
    let isDown = false;
    await using first = await serve(() => ({ status: isDown ? 503 : 200, body: "first" }));
    await using second = await serve(() => ({ status: isDown ? 200 : 503, body: "second" }));
    const http = open([first.url, second.url]);
    const seen: unknown[] = [];
    for (const down of [false, true, true, false]) {
      isDown = down;
      seen.push((await get(http, "/", once)).body);
    }
    assert.deepEqual(seen, ["first", "second", "second", "first"]);
    assert.deepEqual([first.requests.length, second.requests.length], [3, 3]);
  });

  for (const status of [502, 503, 504]) {
    it(`pass a GET on that is answered ${status}`, async () => {
      await using first = await serve(() => ({ status }));
      await using second = await serve(() => ({ body: "second" }));
      assert.equal((await get(open([first.url, second.url]), "/", once)).body, "second");
    });
  }

  for (const status of [400, 401, 403, 404, 409, 429, 500]) {
    it(`do not pass a GET on that is answered ${status}: that is the installation's answer`, async () => {
      await using first = await serve(() => ({ status }));
      await using second = await serve(() => ({ body: "second" }));
      const failure = await failureOf(get(open([first.url, second.url]), "/", once));
      assert.equal((failure as StatusError).status, status);
      assert.equal(second.requests.length, 0);
    });
  }

  it("pass a GET on whose connection is cut: it changed nothing", async () => {
    await using cut = await serve((_request, _number, response) => void response.socket?.destroy());
    await using second = await serve(() => ({ body: "second" }));
    assert.equal((await get(open([cut.url, second.url]), "/", once)).body, "second");
  });

  it("pass a POST on only when the first was never reached", async () => {
    await using second = await serve(() => ({ body: "second" }));
    const answer = await get(open([await nobody(), second.url]), "/", { method: "POST" });
    assert.equal(answer.body, "second");
    await using cut = await serve((_request, _number, response) => void response.socket?.destroy());
    const failure = await failureOf(get(open([cut.url, second.url]), "/", { method: "POST" }));
    assert.equal(failure.effect, "maybe");
    assert.deepEqual([cut.requests.length, second.requests.length], [1, 1]);
  });

  it("pass a POST on by a status with which one says that it is not the one to ask", async () => {
    await using first = await serve(() => ({ status: 404 }));
    await using second = await serve(() => ({ body: "second" }));
    const http = open([first.url, second.url]);
    assert.equal((await get(http, "/", { method: "POST", elsewhere: [404] })).body, "second");
    await using third = await serve(() => ({ status: 404, body: { message: "nor here" } }));
    const failure = await failureOf(
      get(open([first.url, third.url]), "/", { method: "POST", elsewhere: [404] }),
    );
    assert.ok(failure instanceof StatusError);
    assert.deepEqual([failure.status, failure.effect], [404, "no"]);
    assert.match(failure.message, /404 nor here/);
  });

  it("are all named when none can be reached, and nothing was done", async () => {
    const [one, two] = [await nobody(), await nobody()];
    const failure = await failureOf(get(open([one, two]), "/x", { method: "POST" }));
    assert.ok(failure instanceof UnreachableError);
    assert.equal(failure.message, `POST ${one}/x: connection refused; POST ${two}/x: connection refused`);
    assert.equal(failure.effect, "no");
  });

  it("keep the doubt of the last one when the others were never reached", async () => {
    await using cut = await serve((_request, _number, response) => void response.socket?.destroy());
    const failure = await failureOf(get(open([await nobody(), cut.url]), "/", { method: "POST" }));
    assert.equal(failure.effect, "maybe");
  });

  it("share one connection a server over many requests", async () => {
    await using server = await serve(() => ({}));
    const http = open(server.url);
    for (let count = 0; count < 20; count++) await get(http);
    assert.ok(server.connections <= 2, `${server.connections} connections`);
  });

  it("name the host that does not exist", async () => {
    const failure = await failureOf(get(open("http://no-such-host.invalid"), "/", once));
    assert.match(
      failure.message,
      /GET http:\/\/no-such-host.invalid\/: (no such host|the host name cannot be resolved)/,
    );
    assert.equal(failure.effect, "no");
  });
});

describe("answers from memory", () => {
  it("are given within their age to the same question, and asked for anew after a change", async () => {
    await using server = await serve((_, number) => ({ body: { number } }));
    const http = open(server.url);
    const options = { signal: new AbortController().signal };
    const recall = (path: string, age: number) => http.recall({ method: "GET", path }, options, age);
    const numbers = async (...answers: ReturnType<typeof recall>[]) =>
      (await Promise.all(answers)).map(({ body }) => (body as { number: number }).number);
    assert.deepEqual(await numbers(recall("/a", 60_000), recall("/a", 60_000)), [0, 0]);
    assert.deepEqual(await numbers(recall("/b", 60_000)), [1]);
    assert.deepEqual(await numbers(recall("/a", -1)), [2]);
    await http.send({ mutates: true, method: "POST", path: "/a" }, freely, options);
    assert.deepEqual(await numbers(recall("/a", 60_000)), [4]);
  });

  it("are tried for twice: a preview only warns", async () => {
    await using server = await serve(() => ({ status: 503, headers: { "retry-after": "0" } }));
    const options = { signal: new AbortController().signal };
    await failureOf(recalling(open(server.url)).call({ method: "GET", path: "/" }, options));
    assert.equal(server.requests.length, 2);
  });

  it("never are failures, but that there is no such thing is an answer", async () => {
    await using server = await serve((_, number) => ({ status: [403, 404][number] ?? 200 }));
    const http = open(server.url);
    const options = { signal: new AbortController().signal };
    const ask = () => failureOf(http.recall({ method: "GET", path: "/" }, options, 60_000));
    const statuses = [await ask(), await ask(), await ask()].map(
      (failure) => (failure as StatusError).status,
    );
    assert.deepEqual(statuses, [403, 404, 404]);
  });
});
